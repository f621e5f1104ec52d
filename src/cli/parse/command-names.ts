/** The names of all commands. */
export const COMMAND_NAMES = [
  'validate',
  'fix',
  'explain',
  'plan',
  'diff',
  'graph',
  'up',
  'scale',
  'down',
  'stop',
  'start',
  'restart',
  'kill',
  'ps',
  'get',
  'describe',
  'wait',
  'events',
  'logs',
  'watch',
  'install',
  'uninstall',
  'exec',
  'run',
] as const;

export type CommandName = (typeof COMMAND_NAMES)[number];
