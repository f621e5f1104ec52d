import type { Command } from './command.ts';
import { down } from './commands/down.ts';
import { logs } from './commands/logs.ts';
import { plan } from './commands/plan.ts';
import { up } from './commands/up.ts';
import { validate } from './commands/validate.ts';
import type { CommandName } from './parse/options.ts';

/** All commands. Those with large dependencies are loaded on demand. */
export const REGISTRY: Readonly<Record<CommandName, () => Command | Promise<Command>>> = {
  validate: () => validate,
  explain: async () => (await import('./commands/explain.ts')).explain,
  fix: async () => (await import('./commands/fix.ts')).fix,
  plan: () => plan,
  diff: async () => (await import('./commands/diff.ts')).diff,
  up: () => up,
  down: () => down,
  stop: async () => (await import('./commands/start-stop.ts')).stop,
  start: async () => (await import('./commands/start-stop.ts')).start,
  restart: async () => (await import('./commands/start-stop.ts')).restart,
  kill: async () => (await import('./commands/kill.ts')).kill,
  ps: async () => (await import('./commands/ps.ts')).ps,
  logs: () => logs,
  exec: async () => (await import('./commands/exec.ts')).exec,
};
