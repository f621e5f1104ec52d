import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { PODMAN, podman, tryPodman } from './podman.ts';
import { run } from './program.ts';

export interface RebootablePodman {
  /** The program to run. */
  readonly program: string;
  /** Variables for who runs it: a runtime directory without a session of systemd. */
  readonly env: NodeJS.ProcessEnv;
  readonly podman: (...args: readonly string[]) => Promise<string>;
  /** Simulates a power cut: ends every process at once, and removes podman's state in memory. */
  readonly reboot: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/**
 * A podman that shares only the images with the user's own, and can be rebooted without affecting it. It has its own
 * runtime directory, and therefore its own user and mount namespace.
 */
export async function rebootablePodman(): Promise<RebootablePodman> {
  const directory = await mkdtemp(join(tmpdir(), 'podpose-reboot-'));
  const [memory, settings, program] = [
    join(directory, 'run'),
    join(directory, 'containers.conf'),
    join(directory, 'podman'),
  ];
  await mkdir(memory, { mode: 0o700 });
  const ask = (field: string) => podman('info', '--format', `{{.${field}}}`).then((answer) => answer.trim());
  const [runtime, images] = [await ask('Host.OCIRuntime.Path'), await ask('Store.GraphRoot')];
  await writeFile(
    settings,
    // Locks in shared memory would be shared with the user's own podman.
    `[engine]\nruntime = "${runtime}"\ncgroup_manager = "cgroupfs"\nlock_type = "file"\n`,
  );
  await writeFile(
    program,
    `#!/bin/sh
export XDG_RUNTIME_DIR=${memory} CONTAINERS_CONF=${settings}
exec ${PODMAN} --root ${directory}/storage --storage-opt additionalimagestore=${images} "$@"
`,
  );
  await chmod(program, 0o755);

  const powerOff = async () => {
    await eventually('the end of all processes', async () => {
      const processes = await processesOf(memory);
      for (const each of processes) killHard(each);
      return processes.length === 0 ? true : undefined;
    });
    await rm(memory, { recursive: true, force: true });
  };
  return {
    program,
    env: { XDG_RUNTIME_DIR: memory, DBUS_SESSION_BUS_ADDRESS: undefined },
    podman: async (...args) => {
      const ended = await run(program, args);
      if (ended.code !== 0) throw new Error(ended.story);
      return ended.stdout;
    },
    reboot: async () => {
      await powerOff();
      await mkdir(memory, { mode: 0o700 });
    },
    remove: async () => {
      await powerOff();
      await tryPodman('unshare', 'rm', '-rf', directory);
    },
  };
}

/** The processes in podman's namespace, and podpose's watchers. */
async function processesOf(memory: string): Promise<readonly number[]> {
  return [...(await watchersOf(memory)), ...(await namespaceMembers(memory))];
}

/** The programs that were started with the runtime directory. */
async function watchersOf(memory: string): Promise<readonly number[]> {
  const own = `XDG_RUNTIME_DIR=${memory}`;
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    all.map(async (name) => {
      const environment = await readFile(join('/proc', name, 'environ'), 'utf8').catch(() => '');
      return environment.split('\0').includes(own) ? [Number(name)] : [];
    }),
  );
  return found.flat();
}

/** All processes in the user namespace of podman's pause process. */
async function namespaceMembers(memory: string): Promise<readonly number[]> {
  const pause = await readFile(join(memory, 'libpod', 'tmp', 'pause.pid'), 'utf8').catch(() => undefined);
  if (pause === undefined) return [];
  const namespace = await namespaceOf(pause.trim());
  if (namespace === undefined) return [];
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    all.map(async (name) => ((await namespaceOf(name)) === namespace ? [Number(name)] : [])),
  );
  // The last process keeps the namespace, through which the others are found: it is killed last.
  return found.flat().sort((a, b) => Number(a === Number(pause)) - Number(b === Number(pause)));
}

function namespaceOf(pid: string): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/user`).catch(() => undefined);
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
