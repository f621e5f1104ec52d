import { readFile } from 'node:fs/promises';
import { eventually } from './eventually.ts';
import { podman, PODMAN, tryPodman } from './podman.ts';
import { run } from './program.ts';

/** The processes that watch a project. */
export async function watchers(project: string): Promise<readonly number[]> {
  const { stdout } = await run('pgrep', ['-f', `watch --project ${project}$`]);
  return stdout.split('\n').filter(Boolean).map(Number);
}

/**
 * Does something while nobody restarts the containers of a project. podman 4.3.1 does not report that a container was
 * stopped by hand: the watcher would start it again.
 */
export async function withoutWatcher<T>(project: string, work: () => Promise<T>): Promise<T> {
  const watching = await watchers(project);
  for (const watcher of watching) process.kill(watcher, 'SIGSTOP');
  try {
    return await work();
  } finally {
    for (const watcher of watching) process.kill(watcher, 'SIGCONT');
  }
}

/** podman's services that were started for the scenario: another environment has another service. */
export async function servicesOf(id: string): Promise<readonly number[]> {
  const { stdout } = await run('pgrep', ['-f', 'system service']);
  const found = await Promise.all(
    stdout
      .split('\n')
      .filter(Boolean)
      .map(async (pid) => {
        const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
        return environment.includes(`OWN_SERVICE_OF=${id}`) ? [Number(pid)] : [];
      }),
  );
  return found.flat();
}

/**
 * Stops podman's services with SIGSTOP while they hold no lock. One that is stopped within a write to podman's database
 * would block every other podman, those of other scenarios too.
 */
export async function suspend(services: readonly number[]): Promise<void> {
  const probe = `suspended-${process.pid}-${services.join('-')}`;
  const signal = (name: NodeJS.Signals) => {
    for (const service of services) process.kill(service, name);
  };
  await eventually(
    'podman works beside the suspended services',
    async () => {
      signal('SIGSTOP');
      for (const args of [
        ['ps', '--all'],
        ['volume', 'create', probe],
      ]) {
        const ended = await run(PODMAN, args, { seconds: 5 });
        if (ended.code === 0) continue;
        signal('SIGCONT');
        await tryPodman('volume', 'rm', '--force', probe);
        throw new Error(ended.story);
      }
      return true;
    },
    60,
  );
  await podman('volume', 'rm', probe);
}
