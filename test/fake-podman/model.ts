/**
 * A model of podman: its state, and the effects of its commands. It consists of plain data and functions, without
 * processes, so that both the fake program and tests that only need the result of a plan can use it.
 */
export interface Model {
  /** Changed in place. A command that has waited may find another object here, and must not keep an earlier one. */
  state: State;
  readonly settings: Settings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The signals since the last call. Only an attached container uses them. */
  readonly takeSignals: () => readonly StopSignal[];
  /** The directory of the volumes; without one, volumes have no directories and `unshare` runs nothing. */
  readonly directory?: string;
  /** Whether it runs inside `podman unshare`. */
  readonly isUnshared?: true;
}

export type StopSignal = 'TERM' | 'KILL';

/** Why a command waits: for a time, or at a point where a test may intervene. */
export type Pause = undefined | { readonly moment: Moment };
export type Moment = 'before' | 'pulling' | 'created' | 'started' | 'after';

/** A command that may have to wait. Its result is the exit code. */
export type Running = Generator<Pause, number, void>;
/** A part of a command. */
export type Waiting<T = void> = Generator<Pause, T, void>;

/** The settings of a test, stored in `settings.json` of the directory. */
export interface Settings {
  /** Default: `4.3.1`. */
  readonly version?: string;
  /** Images that exist initially. */
  readonly images?: readonly (string | ImageSettings)[];
  /** Regular expressions for image names that no registry has. */
  readonly absentImages?: readonly string[];
  /** The current generation of full names in their registry: another generation is another image. */
  readonly registry?: Readonly<Record<string, Omit<ImageSettings, 'name'>>>;
  /** Listening ports of other programs: `127.0.0.1:8080`. */
  readonly portsInUse?: readonly string[];
  /** False if the user cannot change cgroups: no pause, no update. */
  readonly cgroups?: boolean;
  /**
   * The behaviour of containers by podman's name, by POD-CONTAINER whatever their current name, or by `image NAME`. A
   * list is for the first start, the second and so on.
   */
  readonly behaviours?: Readonly<Record<string, Behaviour | readonly Behaviour[]>>;
  readonly rules?: readonly Rule[];
  /** The names of podman's connections; absent: any name is one. */
  readonly connections?: readonly string[];
}

export interface ImageSettings {
  readonly name: string;
  /** From 1. */
  readonly generation?: number;
  readonly user?: string;
}

/** The behaviour of the program in a container. Without `runsFor` and `exitCode`, it runs until it is stopped. */
export interface Behaviour {
  /** Printed at once, or the given number of milliseconds after the start. */
  readonly output?: readonly (
    string | { readonly line: string; readonly after?: number; readonly stream?: Stream }
  )[];
  /** Milliseconds. */
  readonly runsFor?: number;
  readonly exitCode?: number;
  /** Its reaction to SIGTERM. Default: it exits at once with 143. */
  readonly onTerm?: OnTerm;
  /** It can be created but not started. */
  readonly startFails?: { readonly exitCode: number; readonly stderr: string };
}

export type OnTerm =
  'ignore' | { readonly after?: number; readonly exitCode?: number; readonly output?: readonly string[] };
export type Stream = 'stdout' | 'stderr';

/** An intended failure. */
export interface Rule {
  /** A regular expression for the arguments, joined by spaces; by default, all commands. */
  readonly match?: string;
  /** Changing commands only. */
  readonly mutating?: true;
  /** Only this one of all matching commands, from 1; by default, each of them. */
  readonly occurrence?: number;
  /**
   * Default: `before`. `created` is between creating and starting a container, `started` just after its start, `after`
   * when the command has taken effect.
   */
  readonly when?: Moment;
  /** Only commands, or only API requests; by default, both. */
  readonly by?: 'command' | 'request';
  /** How long to wait at that point. */
  readonly delayMs?: number;
  /** Kills the process that called podman with SIGKILL. With `before`, the command is not executed. */
  readonly killParent?: true;
  /** The service sends half of its answer to a request, or ends without one. Commands are not affected. */
  readonly breaks?: 'answer' | 'service';
  /**
   * Ends with this exit code and output: (for a request, 0 is an answer with that text, and any other code the status
   * 500)
   */
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** The state of podman. */
export interface State {
  /** The counter for IDs. */
  counter: number;
  pods: Record<string, Pod>;
  containers: Record<string, Container>;
  volumes: Record<string, Volume>;
  /** Without podman's default network. */
  networks: Record<string, Network>;
  secrets: Record<string, Secret>;
  images: Record<string, Image>;
  /** By container ID, even after its removal. */
  exitCodes: Record<string, number>;
  /** The number of starts of containers of this name. */
  starts: Record<string, number>;
  /** The number of commands that each rule has matched. */
  rules: number[];
}

export type Labels = Readonly<Record<string, string>>;

export interface Network {
  readonly name: string;
  readonly labels: Labels;
  /** Of its bridge and its subnet. */
  readonly number: number;
  readonly resolvesNames: boolean;
}

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
  /** Empty outside of pods. */
  readonly podId: string;
  readonly isInfra: boolean;
  readonly labels: Labels;
  readonly image: string;
  readonly imageId: string;
  readonly command: readonly string[];
  /** Its creation flags. */
  flags: Values;
  /** Names of its volumes. */
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
  /** Whether a user stopped it: its restart policy does not apply. */
  isStopped: boolean;
  restarts: number;
  /** The time of its restart by the restart policy; null without one. */
  restartAt: number | null;
  runs: Run[];
}

/** A run of a container, from its start to its end. */
export interface Run {
  readonly startedAt: number;
  /** null while it runs. */
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

/** Flags: values, flags without a value, and repeatable flags with lists. */
export type Values = Readonly<Record<string, string | boolean | readonly string[]>>;

/** The arguments of a command. */
export interface Input {
  readonly values: Values;
  readonly words: readonly string[];
}

export type Command = (model: Model, input: Input) => number | Running;
