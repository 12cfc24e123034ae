// An error as AWS answers it: the code and text that an SDK shows to its caller.

/** `code` is the error shape's name (`ClientException`), `status` the HTTP status AWS uses for it. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
