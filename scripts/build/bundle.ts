// Two passes: esbuild takes the module-first builds and drops what is never used, ncc makes the final bundle.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { ROOT } from '../actions.ts';

/**
 * @actions/core imports an HTTP client (with undici) for OIDC alone, which this suite does by itself. The packages
 * do not say that they are free of side effects, so esbuild would keep 420 KB that are never called.
 */
const sideEffectFree: Plugin = {
  name: 'side-effect-free',
  setup(pluginBuild) {
    const seen = Symbol('seen');
    pluginBuild.onResolve({ filter: /^(@actions\/|undici$|tunnel$)/ }, async (args) => {
      if (args.pluginData === seen) return undefined;
      const { kind, importer, resolveDir } = args;
      const resolved = await pluginBuild.resolve(args.path, { kind, importer, resolveDir, pluginData: seen });
      return { ...resolved, sideEffects: false };
    });
  },
};

/** CommonJS dependencies `require` Node's modules, which an ES module cannot: they get them by import. */
const builtinsByImport: Plugin = {
  name: 'builtins-by-import',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /^[a-z_/]+$|^node:/ }, (args) => {
      if (args.kind !== 'require-call' || !isBuiltin(args.path)) return undefined;
      return { path: args.path.replace(/^node:/, ''), namespace: 'builtin' };
    });
    pluginBuild.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `export * from 'node:${path}'; export { default } from 'node:${path}';`,
    }));
  },
};

/** The whole suite behind one function: every action is imported only when it is the one that was asked for. */
function suiteSource(names: string[]): string {
  const entries = names.map((name) => `  '${name}': () => import('@hitl-actions/${name}/index'),`);
  return `const actions = {\n${entries.join('\n')}\n};
export async function start(name, phase) {
  const [{ action }, { runAction, runPost }] = await Promise.all([actions[name](), import('@hitl-actions/action-kit')]);
  await (phase === 'post' ? runPost(action) : runAction(action));
}\n`;
}

/** Bundles into `out`. Returns the folders (relative to the root) of the npm packages that went into it. */
export async function bundle(names: string[], work: string, out: string): Promise<string[]> {
  const first = join(work, 'esbuild');
  const result = await build({
    stdin: { contents: suiteSource(names), resolveDir: ROOT, sourcefile: 'suite.js', loader: 'js' },
    absWorkingDir: ROOT,
    entryNames: 'suite',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    conditions: ['module'],
    minify: true,
    legalComments: 'none',
    metafile: true,
    outdir: first,
    plugins: [sideEffectFree, builtinsByImport],
    logLevel: 'warning',
  });
  mkdirSync(first, { recursive: true });
  writeFileSync(join(first, 'package.json'), '{"type":"module"}\n');
  const ncc = join(ROOT, 'node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js');
  const arguments_ = ['build', join(first, 'suite.js'), '--out', out, '--minify', '--no-cache', '--quiet'];
  execFileSync(process.execPath, [ncc, ...arguments_], {
    cwd: first,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return packageFolders(
    Object.values(result.metafile.outputs).flatMap((output) => usedInputs(output.inputs)),
  );
}

function usedInputs(inputs: Record<string, { bytesInOutput: number }>): string[] {
  return Object.entries(inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
}

function packageFolders(inputs: string[]): string[] {
  const folders = new Set<string>();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match?.[1] !== undefined) folders.add(match[1]);
  }
  return [...folders].sort();
}
