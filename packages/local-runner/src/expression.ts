// The few `${{ }}` expressions that defaults of inputs use: plain look-ups in a context.

export type Contexts = Record<string, Record<string, string | undefined>>;

const EXPRESSION = /\$\{\{(.*?)\}\}/gs;
const LOOK_UP = /^\s*([a-z]+)\.([A-Za-z_][\w-]*)\s*$/;

/** Throws where an expression is more than a look-up in one of `contexts`; an unset name is ''. */
export function evaluate(text: string, contexts: Contexts, what: string): string {
  return text.replaceAll(EXPRESSION, (whole, inner: string) => {
    const [, context = '', name = ''] = LOOK_UP.exec(inner) ?? [];
    const values = contexts[context];
    if (values === undefined) {
      throw new Error(
        `${what}: the local runner cannot evaluate ${whole}. It knows ${Object.keys(contexts).join(', ')}.`,
      );
    }
    return values[name] ?? '';
  });
}
