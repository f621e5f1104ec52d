import { defined } from '../../base/defined.ts';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { compileCacheDirectory, isOwnDirectory, makeDirectory } from './compile-cache.ts';
import { faultOf } from './ownership.ts';

/** Cache files older than this are removed: their podpose or node may no longer exist. */
const KEPT_DAYS = 30;

/**
 * The names of cache files, such as `chunk-abc-0123456789abcdef-validate-v20.19.0-x64`, including temporary files of a
 * killed process.
 */
const KEPT_NAME = /^[\w-]+-[0-9a-f]{16}-[a-z]+-v\d+\.\d+\.\d+[\w.-]*-[a-z]\w*(?:\.\d+)?$/;

/**
 * The length of the checksum in front of the code, which V8 itself does not verify; who may write to the directory is
 * checked separately. A checksum of all bytes would need `node:zlib` or `node:crypto`, which take longer to load than the
 * code. A multiple of 8: V8 copies code at other offsets.
 */
const CHECKSUM_BYTES = 8;

/** Words of 32 bits in a block of a file system. After a power failure, a block that was not written has zeros. */
const BLOCK_WORDS = 1024;

/** One word in so many is summed: that of each sector of a disk. */
const SUMMED_EVERY = 128;

/** The parameters of the function that each bundled file is wrapped in (scripts/build.mjs). */
type Wrapper = (module: object, exports: unknown, require: unknown, directory: string) => void;

/**
 * Loads bundled files with the V8 code cache of an earlier run, and writes the cache if it is missing: compiling
 * podpose takes longer than everything it does. For node 20 only. From 22.1 on, node has its own compile cache
 * (compile-cache.ts). NODE_DISABLE_COMPILE_CACHE disables both.
 * @param directory base of the relative ids
 * @param build identifies the contents of all bundled files
 * @param verb the command: each command uses other parts of the files and has its own cache
 */
export function compiledRequire(
  directory: string,
  build: string,
  verb: string,
  env: NodeJS.ProcessEnv,
): (id: string) => unknown {
  const caches = compileCacheDirectory(env);
  const loaded = new Map<string, { exports: unknown }>();
  const isNew: { readonly name: string; readonly script: Script }[] = [];
  const requireFrom = (from: string) => (id: string) =>
    id.startsWith('.') ? load(join(from, id)) : process.getBuiltinModule(id);
  const load = (path: string): unknown => {
    const before = loaded.get(path);
    if (before !== undefined) return before.exports;
    const source = readFileSync(path, 'latin1');
    const name = [basename(path, '.js'), build, verb, process.version, process.arch].join('-');
    const kept = caches === undefined ? undefined : readKept(caches, name);
    const script = new Script(source, { filename: path, ...defined({ cachedData: kept }) });
    if (kept === undefined || script.cachedDataRejected === true) isNew.push({ name, script });
    const module = { exports: {} as unknown };
    loaded.set(path, module);
    const run = script.runInThisContext() as Wrapper;
    run(module, module.exports, requireFrom(dirname(path)), dirname(path));
    return module.exports;
  };
  if (caches !== undefined)
    // At exit, the cache includes all code that was used.
    process.once('exit', () => {
      for (const { name, script } of isNew) keep(caches, name, script.createCachedData());
    });
  return requireFrom(directory);
}

function readKept(directory: string, name: string): Buffer | undefined {
  if (!isOwnDirectory(directory)) return undefined;
  try {
    const file = openSync(
      join(directory, name),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    try {
      if (faultOf(fstatSync(file), 'file') !== undefined) return undefined;
      return wholeCode(readFileSync(file));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function keep(directory: string, name: string, code: Buffer): void {
  const unfinished = join(directory, `${name}.${process.pid}`);
  try {
    makeDirectory(directory);
    if (!isOwnDirectory(directory)) return;
    // Left by a killed process with the same ID.
    rmSync(unfinished, { force: true });
    writeFileSync(unfinished, Buffer.concat([checksum(code), code]), { mode: 0o600, flag: 'wx' });
    renameSync(unfinished, join(directory, name));
    removeOld(directory);
  } catch {
    // The directory is not writable, or the disk is full: the next run is not faster.
  }
}

/** Removes old cache files. Other files in the directory are kept. */
function removeOld(directory: string): void {
  const oldest = Date.now() - KEPT_DAYS * 24 * 60 * 60 * 1000;
  for (const name of readdirSync(directory).filter((entry) => KEPT_NAME.test(entry))) {
    const file = join(directory, name);
    const stats = lstatSync(file);
    if (faultOf(stats, 'file') === undefined && stats.mtimeMs < oldest) rmSync(file);
  }
}

/** The code in a file; undefined if it is not what was written, as far as a part of its words tells. */
function wholeCode(file: Buffer): Buffer | undefined {
  const words = wordsOf(file);
  for (let start = 0; start < words.length; start += BLOCK_WORDS)
    if (words.subarray(start, start + BLOCK_WORDS).every((word) => word === 0)) return undefined;
  const code = file.subarray(CHECKSUM_BYTES);
  return checksum(code).equals(file.subarray(0, CHECKSUM_BYTES)) ? code : undefined;
}

/** A sum in which the order of the words and the length count, as in Fletcher's. */
function checksum(code: Buffer): Buffer {
  const words = wordsOf(code);
  let sum = code.length;
  let sumOfSums = 1;
  for (let index = 0; index < words.length; index += SUMMED_EVERY) {
    sum = (sum + (words[index] ?? 0)) | 0;
    sumOfSums = (sumOfSums + sum) | 0;
  }
  const bytes = Buffer.alloc(CHECKSUM_BYTES);
  bytes.writeInt32LE(sum, 0);
  bytes.writeInt32LE(sumOfSums, 4);
  return bytes;
}

function wordsOf({ buffer, byteOffset, length }: Buffer): Int32Array {
  return new Int32Array(buffer, byteOffset, Math.floor(length / 4));
}
