import { setFlagsFromString } from 'node:v8';

/** Settings of V8 that can be changed while it runs. */
interface V8Settings {
  /** How much bytecode a function executes, in bytes, before V8 considers to optimize it. */
  readonly 'interrupt-budget': number;
  /** By which factor the space for new objects grows. */
  readonly 'semi-space-growth-factor': number;
  /** Whether several threads collect new objects. For a space of 1 MB, it takes longer to wake them. */
  readonly 'parallel-scavenge': boolean;
}

/**
 * `default`: those of node 20, with which V8 compiles hundreds of functions in the first 200 ms of a large input. That
 * takes more processor time than the run itself, and 4 MB for the code of the compiler.
 * `frugal`: functions are optimized later, and little memory is kept for new objects, by one thread.
 * `large-input`: functions are optimized later.
 */
const SETTINGS = {
  default: { 'interrupt-budget': 67_584, 'semi-space-growth-factor': 2, 'parallel-scavenge': true },
  frugal: { 'interrupt-budget': 600_000, 'semi-space-growth-factor': 1, 'parallel-scavenge': false },
  'large-input': { 'interrupt-budget': 600_000, 'semi-space-growth-factor': 2, 'parallel-scavenge': true },
} as const satisfies Readonly<Record<string, V8Settings>>;

/** The settings that a process starts with. */
export type StartSettings = 'default' | 'frugal';

/** The smallest input, in characters, for which it pays to load `node:v8`: some 50 containers. */
const LARGE = 8_000;

/** Only node 20 has these settings and no cheaper compiler in between, such as Maglev of node 22. */
const HAS_SETTINGS = process.versions.v8.startsWith('11.3.');

/** Starts with settings for a small input. To be called before code is loaded from a cache, which has the same settings. */
export function startFrugally(): StartSettings {
  if (!HAS_SETTINGS) return 'default';
  set('frugal');
  return 'frugal';
}

/**
 * Changes the settings for a large input, for the rest of the run.
 * @param size of the input, in characters
 */
export function prepareForInput(size: number, start: StartSettings): void {
  if (size < LARGE || !HAS_SETTINGS) return;
  set('large-input');
  // First of all: a code cache that is written at exit is valid for the settings at that time, and needed at the start.
  process.prependOnceListener('exit', () => {
    set(start);
  });
}

function set(name: keyof typeof SETTINGS): void {
  for (const [flag, value] of Object.entries(SETTINGS[name]))
    setFlagsFromString(typeof value === 'number' ? `--${flag}=${value}` : `--${value ? '' : 'no-'}${flag}`);
}
