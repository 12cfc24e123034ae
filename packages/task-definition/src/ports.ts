// What rendering needs from ECS, in our own small types. Implemented in packages/aws.

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

export interface Tag {
  key: string;
  value: string;
}

/** A registered task definition as DescribeTaskDefinition answers it, read-only members included. */
export interface DescribedTaskDefinition {
  arn: string;
  definition: JsonObject;
  tags: Tag[];
}

export interface TaskDefinitionSource {
  /** `reference`: family, family:revision or ARN. Throws ActionError. */
  describe(reference: string): Promise<DescribedTaskDefinition>;
}
