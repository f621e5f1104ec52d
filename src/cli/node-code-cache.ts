import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { Script } from 'node:vm';

/** What is older has perhaps been left behind by a podpose or a node that is not there any more. */
const KEPT_DAYS = 30;

/** The bytes of a digest, which stands before the code: V8 believes what it is given. */
const DIGEST_BYTES = 32;

/**
 * Loads bundled files together with the code that V8 has made of them in an earlier run, and keeps that code where
 * there is none yet: compiling podpose takes longer than all that it does. From version 22.1 on node can do the same
 * (module.enableCompileCache), and its variable NODE_DISABLE_COMPILE_CACHE is heeded.
 * @param folder what the first of the files is named from
 * @param verb each uses other parts of the files, and has code of its own
 */
export function compiledRequire(
  folder: string,
  verb: string,
  env: NodeJS.ProcessEnv,
): (id: string) => unknown {
  const caches = cacheFolder(env);
  const loaded = new Map<string, { exports: unknown }>();
  const isNew: { readonly name: string; readonly script: Script }[] = [];
  const requireFrom = (from: string) => {
    const native = createRequire(join(from, 'any.js'));
    return (id: string) => (id.startsWith('.') ? load(join(from, id)) : (native(id) as unknown));
  };
  const load = (path: string): unknown => {
    const before = loaded.get(path);
    if (before !== undefined) return before.exports;
    const source = readFileSync(path, 'latin1');
    const name = [
      basename(path, '.js'),
      digest(source).toString('hex', 0, 8),
      verb,
      process.version,
      process.arch,
    ].join('-');
    const kept = caches === undefined ? undefined : readKept(join(caches, name));
    const script = new Script(`(function(module,exports,require,__dirname){${source}\n})`, {
      filename: path,
      ...(kept === undefined ? {} : { cachedData: kept }),
    });
    if (kept === undefined || script.cachedDataRejected === true) isNew.push({ name, script });
    const module = { exports: {} as unknown };
    loaded.set(path, module);
    const run = script.runInThisContext() as (
      module: object,
      exports: unknown,
      require: unknown,
      dir: string,
    ) => void;
    run(module, module.exports, requireFrom(dirname(path)), dirname(path));
    return module.exports;
  };
  if (caches !== undefined)
    // By then it has the code of all that was used.
    process.once('exit', () => {
      for (const { name, script } of isNew) keep(caches, name, script.createCachedData());
    });
  return requireFrom(folder);
}

function cacheFolder(env: NodeJS.ProcessEnv): string | undefined {
  const { NODE_DISABLE_COMPILE_CACHE: isOff, XDG_CACHE_HOME: caches = '', HOME: home = '' } = env;
  // The XDG Base Directory Specification wants paths that are not absolute to be ignored.
  const folder = isAbsolute(caches) ? caches : join(home, '.cache');
  return isOff === undefined && isAbsolute(folder) ? join(folder, 'podpose', 'code') : undefined;
}

/** Only this user's own: whoever writes the file says what podpose does. */
function readKept(path: string): Buffer | undefined {
  try {
    if (statSync(path).uid !== process.getuid?.()) return undefined;
    const bytes = readFileSync(path);
    const code = bytes.subarray(DIGEST_BYTES);
    return digest(code).equals(bytes.subarray(0, DIGEST_BYTES)) ? code : undefined;
  } catch {
    return undefined;
  }
}

function keep(folder: string, name: string, code: Buffer): void {
  const unfinished = join(folder, `${name}.${process.pid}`);
  try {
    makeFolder(folder);
    writeFileSync(unfinished, Buffer.concat([digest(code), code]), { mode: 0o600 });
    renameSync(unfinished, join(folder, name));
    const oldest = Date.now() - KEPT_DAYS * 24 * 60 * 60 * 1000;
    for (const file of readdirSync(folder).map((entry) => join(folder, entry)))
      if (statSync(file).mtimeMs < oldest) rmSync(file);
  } catch {
    // A folder that cannot be written, or a full disk: the next run takes as long as this one.
  }
}

/** Node's own way, `recursive`, never comes back from where there can be no folder (node 20, /proc). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function digest(code: Buffer | string): Buffer {
  return createHash('sha256').update(code).digest();
}
