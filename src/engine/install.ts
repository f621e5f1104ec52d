import { isAbsolute, join, resolve } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { success, type Result } from '../base/result.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import type { Environment } from '../platform/environment.ts';
import type { Engine, EnginePlatform } from './engine.ts';
import { failed, usageError, type EngineResult } from './failure.ts';
import { load, type LoadOptions } from './load.ts';
import { defaultFile } from './manifest-files.ts';
import { projectName } from './project.ts';
import { isOwnUnit, unitName, unitText } from './systemd-unit.ts';
import { reachUserSystemd, type UserSystemd } from './user-systemd.ts';
import { isRemotePodman } from './watch-settings.ts';

export interface InstallOptions extends Omit<LoadOptions, 'judged'> {
  /** The environment of podman. */
  readonly podmanEnv: Environment;
  /** `--podman`. */
  readonly podman?: string;
  /** Options of `up`, which the unit passes on. */
  readonly upArgs: readonly string[];
}

/** The unit of a project, and its file. */
export interface ProjectUnit {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** What the file has now; undefined if there is none. */
  readonly before?: string;
}

/** The variables that change what podpose and podman do. Those of proxies may have passwords. */
const VARIABLES = [
  'PATH',
  'LANG',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'PODPOSE_INGRESS_IMAGE',
  'PODPOSE_PODMAN',
  'PODPOSE_WATCH',
  'PODPOSE_BACK_OFF',
  'PODPOSE_SERVICE',
  'CONTAINERS_CONF',
  'CONTAINERS_CONF_OVERRIDE',
  'CONTAINERS_STORAGE_CONF',
  'CONTAINERS_REGISTRIES_CONF',
  'REGISTRY_AUTH_FILE',
  'DOCKER_CONFIG',
] as const;

/** The unit for manifests, after they were checked. Makes no changes. */
export async function planUnit(engine: Engine, options: InstallOptions): Promise<EngineResult<ProjectUnit>> {
  const { platform } = engine;
  const { kustomizations = [] } = options;
  const isGiven = options.files.length + kustomizations.length > 0;
  const files = isGiven ? options.files : defaultFile(platform);
  if (isRemotePodman(options.podmanEnv)) return failed('usage', [REMOTE]);
  if (files.includes('-')) return failed('usage', [STANDARD_INPUT]);
  const loaded = await load(engine, { ...options, files, judged: 'run' });
  if (!loaded.ok) return loaded;
  const { pods, diagnostics, sources, isSound } = loaded.value;
  if (!isSound) return failed('usage', diagnostics, sources);
  engine.host.emit({ kind: 'diagnostics', diagnostics, sources });
  const project = projectName(platform, options.project, kustomizations[0] ?? files[0]);
  if (!project.ok) return failed('usage', project.error);
  const absolute = (path: string) => resolve(platform.cwd, path);
  const { podman } = options;
  const text = unitText({
    project: project.value,
    command: [
      ...platform.program,
      ...['--project', project.value],
      ...(podman === undefined ? [] : ['--podman', program(platform, podman)]),
      'up',
      ...options.upArgs,
      ...kustomizations.flatMap((directory) => ['--kustomize', absolute(directory)]),
      ...files.flatMap((file) => ['--file', absolute(file)]),
    ],
    workingDirectory: platform.cwd,
    environment: keptVariables(platform),
    graceSeconds: Math.max(0, ...pods.map(({ pod }) => pod.terminationGracePeriodSeconds)),
    mayFail: pods.some(({ pod }) => mayFail(pod)),
  });
  const unit = await findUnit(platform, project.value);
  return unit.ok ? success({ ...unit.value, text }) : unit;
}

function mayFail({ activeDeadlineSeconds, containers }: DesiredPod): boolean {
  return (
    activeDeadlineSeconds !== undefined || containers.some(({ restartPolicy }) => restartPolicy === 'Never')
  );
}

/** The unit of a project as its file has it. Fails if podpose did not write the file. */
export async function findUnit(
  platform: Pick<EnginePlatform, 'env' | 'files'>,
  project: string,
): Promise<EngineResult<Omit<ProjectUnit, 'text'>>> {
  const { env, files } = platform;
  const configured = env['XDG_CONFIG_HOME'] ?? '';
  const config = isAbsolute(configured) ? configured : join(env['HOME'] ?? '/', '.config');
  const name = unitName(project);
  const path = join(config, 'systemd', 'user', name);
  const type = files.typeOf(path);
  if (type === 'absent') return success({ name, path });
  const before = type === 'file' ? await readText(platform, path) : undefined;
  if (before === undefined || !isOwnUnit(before)) return failed('failed', [notOwn(path)]);
  return success({ name, path, before });
}

export interface InstalledUnit {
  readonly change: 'created' | 'replaced' | 'none';
  /** What was done with the service. `none`: it runs already. */
  readonly start: 'started' | 'restarted' | 'none';
  readonly isLingering: boolean | undefined;
}

/** Writes a unit, and has it start now and with the machine. */
export async function installUnit(
  { platform }: Engine,
  unit: ProjectUnit,
): Promise<EngineResult<InstalledUnit>> {
  const systemd = await userSystemd(platform);
  if (!systemd.ok) return failed('failed', systemd.error);
  const { name, path, text, before } = unit;
  const { control, isActive, isLingering } = systemd.value;
  const change = before === undefined ? 'created' : before === text ? 'none' : 'replaced';
  if (change !== 'none') {
    const write = change === 'created' ? platform.createFile : platform.replaceFile;
    const code = await write(path, text);
    if (code !== undefined) return failed('failed', [unwritable(path, code)]);
    const reloaded = await control('daemon-reload');
    if (!reloaded.ok) return failed('failed', [refused(name, 'load the unit', reloaded.error)]);
  }
  const enabled = await control('enable', name);
  if (!enabled.ok) return failed('failed', [refused(name, 'enable the unit', enabled.error)]);
  const wasActive = await isActive(name);
  const start = !wasActive ? 'started' : change === 'replaced' ? 'restarted' : 'none';
  if (start !== 'none') {
    const started = await control(start === 'started' ? 'start' : 'restart', name);
    if (!started.ok) return failed('failed', [notStarted(name)]);
  }
  return success({ change, start, isLingering: await isLingering() });
}

/** Stops the service of a unit, which stops its pods, and removes the unit. */
export async function uninstallUnit(
  { platform }: Engine,
  { name, path }: Pick<ProjectUnit, 'name' | 'path'>,
): Promise<EngineResult<undefined>> {
  const systemd = await userSystemd(platform);
  if (!systemd.ok) return failed('failed', systemd.error);
  const { control } = systemd.value;
  const disabled = await control('disable', '--now', name);
  if (!disabled.ok) return failed('failed', [refused(name, 'stop and disable the unit', disabled.error)]);
  const code = await platform.removeFile(path);
  if (code !== undefined) return failed('failed', [unwritable(path, code)]);
  await control('daemon-reload');
  // It fails for a unit that has not failed.
  await control('reset-failed', name);
  return success(undefined);
}

function userSystemd({
  createRunner,
  env,
  userId,
}: Pick<EnginePlatform, 'createRunner' | 'env' | 'userId'>): Promise<Result<UserSystemd>> {
  return reachUserSystemd(createRunner({ env }), userId);
}

/** A name is looked up in PATH. */
function program({ cwd }: Pick<EnginePlatform, 'cwd'>, podman: string): string {
  return podman.includes('/') ? resolve(cwd, podman) : podman;
}

function keptVariables(platform: Pick<EnginePlatform, 'env' | 'cwd'>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    VARIABLES.flatMap((name) => {
      const value = platform.env[name] ?? '';
      if (value === '') return [];
      return [[name, name === 'PODPOSE_PODMAN' ? program(platform, value) : value] as const];
    }),
  );
}

/** Far more than any unit has. */
const UNIT_BYTES = 1_000_000;

async function readText({ files }: Pick<EnginePlatform, 'files'>, path: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await files.read(path, UNIT_BYTES));
  } catch {
    return undefined;
  }
}

const REMOTE = usageError(
  'option-value',
  'install needs the podman of this machine, not a remote one',
  'Run it on the machine of the containers, without --connection, CONTAINER_HOST and CONTAINER_CONNECTION.',
);

const STANDARD_INPUT = usageError(
  'option-value',
  'install needs a file: standard input cannot be read again at the next start',
  'Name a file or a directory that stays where it is.',
);

function notOwn(path: string): Diagnostic {
  return {
    code: 'unit-not-own',
    severity: 'error',
    message: `${path} was not written by podpose install`,
    help: 'It is kept. Move it away, or choose another project name with --project.',
  };
}

function unwritable(path: string, code: string): Diagnostic {
  return {
    code: 'file-unwritable',
    severity: 'error',
    message: `${path}: cannot write the file (${code})`,
    help: 'Check its permissions and those of its directory.',
  };
}

function refused(name: string, act: string, words: string): Diagnostic {
  return {
    code: 'systemd-failed',
    severity: 'error',
    message: `systemd cannot ${act} ${name}: ${words}`,
    help: `'systemctl --user status ${name}' shows the state of the unit.`,
  };
}

function notStarted(name: string): Diagnostic {
  return {
    code: 'systemd-failed',
    severity: 'error',
    message: `${name} is installed, but did not start`,
    help: `'journalctl --user -u ${name} -n 50' shows why. systemd tries it again after 10 s, and at the next start of the machine.`,
  };
}
