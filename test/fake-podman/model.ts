/**
 * A model of podman: what it has, and what its commands do to that. It is plain data and functions, without
 * processes, so that a program that plays podman and a test that only wants to know what would become of a
 * plan can both use it.
 */
export interface Model {
  /**
   * Changed in place. A command that waits may find another object here afterwards, and keeps none from
   * before.
   */
  state: State;
  readonly settings: Settings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The signals that have come since the last time. Only an attached container is interested. */
  readonly takeSignals: () => readonly StopSignal[];
  /** Where volumes have their directories; without one they have none, and `unshare` runs nothing. */
  readonly directory?: string;
  /** Inside of `podman unshare`. */
  readonly isUnshared?: true;
}

export type StopSignal = 'TERM' | 'KILL';

/** Why a command waits: for time to pass, or at a point where a test may want to step in. */
export type Pause = undefined | { readonly moment: Moment };
export type Moment = 'before' | 'pulling' | 'created' | 'started' | 'after';

/** A command that may have to wait. Its result is the exit code. */
export type Running = Generator<Pause, number, void>;
/** A part of one. */
export type Waiting<T = void> = Generator<Pause, T, void>;

/** What a test can say beforehand. All of it may be written into `settings.json` of the directory. */
export interface Settings {
  /** `4.3.1` when absent. */
  readonly version?: string;
  /** Images that are there from the beginning. */
  readonly images?: readonly (string | ImageSettings)[];
  /** Regular expressions for names of images that no registry has. */
  readonly absentImages?: readonly string[];
  /** What full names point to in their registry: another generation is another image. */
  readonly registry?: Readonly<Record<string, Omit<ImageSettings, 'name'>>>;
  /** Listeners of other programs: `127.0.0.1:8080`. */
  readonly portsInUse?: readonly string[];
  /** False on a machine whose cgroups may not be changed: no pause, no update. */
  readonly cgroups?: boolean;
  /**
   * What containers do, by podman's name of them, or by POD-CONTAINER whatever they are called, or by
   * `image NAME`. A list is for their first start, their second and so on.
   */
  readonly behaviours?: Readonly<Record<string, Behaviour | readonly Behaviour[]>>;
  readonly rules?: readonly Rule[];
}

export interface ImageSettings {
  readonly name: string;
  /** From 1. */
  readonly generation?: number;
  readonly user?: string;
}

/**
 * What the program inside of a container does. Without `runsFor` and `exitCode` it runs until it is stopped.
 */
export interface Behaviour {
  /** Printed at once, or so many milliseconds after the start. */
  readonly output?: readonly (
    string | { readonly line: string; readonly after?: number; readonly stream?: Stream }
  )[];
  /** Milliseconds. */
  readonly runsFor?: number;
  readonly exitCode?: number;
  /** What it does when it is asked to end: at once and with code 143 when absent. */
  readonly onTerm?: OnTerm;
  /** It can be created, and not started. */
  readonly startFails?: { readonly exitCode: number; readonly stderr: string };
}

export type OnTerm =
  'ignore' | { readonly after?: number; readonly exitCode?: number; readonly output?: readonly string[] };
export type Stream = 'stdout' | 'stderr';

/** What is to go wrong. */
export interface Rule {
  /** A regular expression on the arguments, joined by spaces; all commands when absent. */
  readonly match?: string;
  /** Only commands that may change something. */
  readonly mutating?: true;
  /** Only that of all commands that fit, from 1; each of them when absent. */
  readonly occurrence?: number;
  /**
   * `before` when absent. `created` is between making a container and starting it, `started` just after its
   * start, `after` when the command has had its effect.
   */
  readonly when?: Moment;
  /** Only commands, or only requests to its API; both when absent. */
  readonly by?: 'command' | 'request';
  /** How long to wait at that point. */
  readonly delayMs?: number;
  /** Kill the process that called podman, with SIGKILL. `before` leaves the command undone, too. */
  readonly killParent?: true;
  /** The service breaks off its answer to a request in the middle, or ends itself without one. Nothing to a command. */
  readonly breaks?: 'answer' | 'service';
  /** End with this code, having printed: (to a request, 0 is an answer of that text, and all else the status 500) */
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** What podman has. */
export interface State {
  /** Counts what ids are made of. */
  counter: number;
  pods: Record<string, Pod>;
  containers: Record<string, Container>;
  volumes: Record<string, Volume>;
  secrets: Record<string, Secret>;
  images: Record<string, Image>;
  /** By the id of a container, also when it is gone. */
  exitCodes: Record<string, number>;
  /** How often a container of that name has been started. */
  starts: Record<string, number>;
  /** How many commands each rule has fitted. */
  rules: number[];
}

export type Labels = Readonly<Record<string, string>>;

export interface Secret {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  readonly value: string;
}

export interface Pod {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  readonly infraId: string;
  readonly exitPolicy: string;
  /** `127.0.0.1:8080` */
  readonly ports: readonly string[];
  readonly createdAt: number;
  readonly flags: Values;
}

export interface Container {
  readonly id: string;
  name: string;
  /** Empty when it is in none. */
  readonly podId: string;
  readonly isInfra: boolean;
  readonly labels: Labels;
  readonly image: string;
  readonly imageId: string;
  readonly command: readonly string[];
  /** What it was made with. */
  flags: Values;
  /** Names of the volumes that it mounts. */
  readonly volumes: readonly string[];
  readonly restart: string;
  /** Seconds. */
  readonly stopTimeout: number;
  readonly createdAt: number;
  state: 'created' | 'running' | 'stopping' | 'paused' | 'exited';
  startedAt: number;
  exitedAt: number;
  exitCode: number;
  pid: number;
  /** By a person: its restart policy leaves it alone. */
  isStopped: boolean;
  restarts: number;
  /** When its restart policy starts it again; null when it does not. */
  restartAt: number | null;
  runs: Run[];
}

/** A run of a container, from one start to its end. */
export interface Run {
  readonly startedAt: number;
  /** null while nothing has ended it. */
  endsAt: number | null;
  exitCode: number;
  readonly onTerm: OnTerm;
  isTermed: boolean;
  lines: readonly OutputLine[];
}

export interface OutputLine {
  readonly at: number;
  readonly stream: Stream;
  readonly line: string;
}

export interface Volume {
  readonly name: string;
  readonly labels: Labels;
  readonly options: Labels;
  mountCount: number;
  readonly createdAt: number;
}

export interface Image {
  readonly id: string;
  names: string[];
  readonly user: string;
  readonly digest: string;
  readonly createdAt: number;
}

/** What flags say: texts, flags without a value, and lists of those that may be repeated. */
export type Values = Readonly<Record<string, string | boolean | readonly string[]>>;

/** The arguments of a command. */
export interface Input {
  readonly values: Values;
  readonly words: readonly string[];
}

export type Command = (model: Model, input: Input) => number | Running;
