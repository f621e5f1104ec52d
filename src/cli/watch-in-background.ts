import type { Diagnostic } from '../base/diagnostic.ts';
import { ensureWatcher } from '../engine/project-watcher.ts';
import type { CommandContext } from './command.ts';
import { watcherSettings } from './options.ts';
import { text } from './parse/option-values.ts';

/** Has a process in the background watch a project, unless podman restarts its containers. It ends if it has nothing to do. */
export async function watchInBackground(context: CommandContext, project: string): Promise<void> {
  const { platform, values, version, report } = context;
  if (watcherSettings(context) === undefined) return;
  const podman = text(values, 'podman');
  const args = ['watch', '--project', project, ...(podman === undefined ? [] : ['--podman', podman])];
  const error = await ensureWatcher(platform, project, version, args);
  if (error !== undefined) report([notStarted(project, error)]);
}

function notStarted(project: string, error: string): Diagnostic {
  return {
    code: 'watcher-not-started',
    severity: 'warning',
    message: `nobody restarts the containers of project '${project}' when they end, or runs their probes: cannot start a watcher: ${error}`,
    help: "Run 'podpose up -d' again when the machine allows it.",
  };
}
