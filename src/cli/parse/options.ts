import type { ParseArgsConfig } from 'node:util';

type OptionConfig = NonNullable<ParseArgsConfig['options']>[string];

/** An option as the help shows it and as it is parsed. */
export interface Option extends OptionConfig {
  /** What stands for its value in the help: `NAME`. Absent for a flag. */
  readonly value?: string;
  readonly help: string;
}

export type Options = Readonly<Record<string, Option>>;

/** Understood before and after the verb. */
export const GLOBAL_OPTIONS = {
  project: {
    type: 'string',
    short: 'p',
    value: 'NAME',
    help: 'the project; by default the name of the folder of the first file',
  },
  podman: { type: 'string', value: 'PATH', help: 'the podman to run' },
  connection: {
    type: 'string',
    short: 'c',
    value: 'NAME',
    help: "a podman on another machine, as podman's own flag",
  },
  progress: { type: 'string', value: 'KIND', help: 'auto, tty, plain, json or quiet' },
  color: { type: 'string', value: 'WHEN', help: 'auto, always or never' },
  verbose: { type: 'boolean', short: 'v', help: 'print each podman command as it is run' },
  help: { type: 'boolean', short: 'h', help: 'this text' },
  version: { type: 'boolean', short: 'V', help: 'the version of podpose' },
} as const satisfies Options;

const FILE = {
  type: 'string',
  short: 'f',
  multiple: true,
  value: 'FILE',
  help: 'a file, a folder or - ; the same as FILE alone',
} as const;

const HOST_IP = {
  type: 'string',
  value: 'ADDRESS',
  help: 'where a hostPort without hostIP listens (127.0.0.1)',
} as const;

const UP_OPTIONS = {
  file: FILE,
  pull: {
    type: 'string',
    value: 'WHEN',
    help: "always, missing or never, instead of each container's imagePullPolicy",
  },
  'remove-orphans': { type: 'boolean', help: 'remove pods of the project that are in none of the files' },
  'force-recreate': { type: 'boolean', help: 'make every pod anew' },
  adopt: {
    type: 'boolean',
    help: 'take over a pod that podman kube play made, and volumes with the names of claims',
  },
  'infra-image': {
    type: 'string',
    value: 'IMAGE',
    help: "the image of the infra container, instead of podman's own",
  },
  'host-ip': HOST_IP,
} as const;

/** The verbs with their own options. An option of a verb takes the short form away from a global one. */
export const COMMANDS = {
  validate: {
    summary: 'check the files, touch nothing',
    usage: 'podpose validate [FILE...]',
    options: {
      file: FILE,
      format: { type: 'string', value: 'FORMAT', help: 'text or json' },
    },
  },
  explain: {
    summary: 'tell what a field of a manifest is for, and what podpose does with it',
    usage: 'podpose explain [KIND.]FIELD.PATH...',
    options: {},
  },
  plan: {
    summary: 'show what up would do and why, touch nothing',
    usage: 'podpose plan [FILE...]',
    options: {
      ...UP_OPTIONS,
      format: { type: 'string', value: 'FORMAT', help: 'text, commands or json' },
      'detailed-exitcode': {
        type: 'boolean',
        help: 'exit with 0 for no changes, 2 for changes, 1 for trouble',
      },
    },
  },
  diff: {
    summary: 'show a unified diff from what runs to what the files say, touch nothing',
    usage: 'podpose diff [FILE...]',
    options: { file: FILE, 'host-ip': HOST_IP },
  },
  up: {
    summary: 'make it so',
    usage: 'podpose up [FILE...]',
    options: {
      ...UP_OPTIONS,
      detach: {
        type: 'boolean',
        short: 'd',
        help: 'return when everything runs, instead of following the logs',
      },
      wait: {
        type: 'boolean',
        help: 'with -d: until everything runs that should, and has completed what should',
      },
      timeout: { type: 'string', value: 'TIME', help: 'give up after so long: 90, 30s, 5m' },
      'dry-run': { type: 'boolean', help: 'only show the plan' },
      yes: { type: 'boolean', short: 'y', help: 'do not ask' },
    },
  },
  down: {
    summary: 'stop and remove what the project owns; volumes that hold data stay',
    usage: 'podpose down [FILE | POD...]',
    options: {
      file: FILE,
      volumes: {
        type: 'boolean',
        short: 'v',
        help: 'remove the volumes of claims, too, with all that is in them',
      },
      time: {
        type: 'string',
        short: 't',
        value: 'SECONDS',
        help: "the grace period, instead of each pod's own",
      },
      yes: { type: 'boolean', short: 'y', help: 'do not ask' },
    },
  },
  ps: {
    summary: 'show pods and containers',
    usage: 'podpose ps [FILE | POD...]',
    options: {
      file: FILE,
      all: { type: 'boolean', short: 'a', help: 'of all projects' },
      output: { type: 'string', short: 'o', value: 'FORMAT', help: 'wide, json, yaml or name' },
      quiet: { type: 'boolean', short: 'q', help: 'only the ids of the containers' },
    },
  },
  logs: {
    summary: "show the containers' output, init containers too",
    usage: 'podpose logs [FILE | POD...]',
    options: {
      file: {
        type: 'string',
        multiple: true,
        value: 'FILE',
        help: 'a file, a folder or - ; the same as FILE alone',
      },
      follow: { type: 'boolean', short: 'f', help: 'go on with what comes' },
      tail: { type: 'string', value: 'LINES', help: 'only so many of the last lines of each container' },
      since: { type: 'string', value: 'TIME', help: 'only what is newer: 10m, or 2026-01-31T10:00:00Z' },
      timestamps: { type: 'boolean', short: 't', help: 'show when each line was printed' },
      container: {
        type: 'string',
        short: 'c',
        multiple: true,
        value: 'CONTAINER',
        help: 'only this container',
      },
      'no-prefix': { type: 'boolean', help: 'lines as they are' },
    },
  },
} as const;

export type CommandName = keyof typeof COMMANDS;

type KeysOfUnion<T> = T extends unknown ? keyof T : never;

/** The name of any option, without its dashes. */
export type OptionName = keyof typeof GLOBAL_OPTIONS | KeysOfUnion<(typeof COMMANDS)[CommandName]['options']>;

/** Other words for a verb, from the tools that people come from. */
export const COMMAND_ALIASES: Readonly<Record<string, CommandName>> = { get: 'ps' };
