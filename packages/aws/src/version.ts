// The suite's version, as AWS sees it in the user agent. A test holds it against package.json.
export const VERSION = '0.1.0';
