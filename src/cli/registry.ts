import type { Command } from './command.ts';
import { down } from './commands/down.ts';
import { logs } from './commands/logs.ts';
import { plan } from './commands/plan.ts';
import { up } from './commands/up.ts';
import type { CommandName } from './parse/command-names.ts';

/** All commands but `validate`. Those with large dependencies are loaded on demand. */
export const REGISTRY: Readonly<Record<Exclude<CommandName, 'validate'>, () => Command | Promise<Command>>> =
  {
    explain: async () => (await import('./commands/explain.ts')).explain,
    fix: async () => (await import('./commands/fix.ts')).fix,
    plan: () => plan,
    diff: async () => (await import('./commands/diff.ts')).diff,
    graph: async () => (await import('./commands/graph.ts')).graph,
    up: () => up,
    scale: async () => (await import('./commands/scale.ts')).scale,
    rollout: async () => (await import('./commands/rollout.ts')).rollout,
    down: () => down,
    stop: async () => (await import('./commands/start-stop.ts')).stop,
    start: async () => (await import('./commands/start-stop.ts')).start,
    restart: async () => (await import('./commands/start-stop.ts')).restart,
    kill: async () => (await import('./commands/kill.ts')).kill,
    ps: async () => (await import('./commands/ps.ts')).ps,
    describe: async () => (await import('./commands/describe.ts')).describe,
    get: async () => (await import('./commands/get.ts')).get,
    wait: async () => (await import('./commands/wait.ts')).wait,
    events: async () => (await import('./commands/events.ts')).events,
    logs: () => logs,
    watch: async () => (await import('./commands/watch.ts')).watch,
    install: async () => (await import('./commands/install.ts')).install,
    uninstall: async () => (await import('./commands/install.ts')).uninstall,
    run: async () => (await import('./commands/run.ts')).run,
    exec: async () => (await import('./commands/exec.ts')).exec,
  };
