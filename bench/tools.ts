import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { runCommand, type Command, type Surroundings } from './command.ts';
import type { Floor } from './floor.ts';
import {
  deploymentsManifest,
  PREFIX,
  podsManifest,
  type DeploymentsOptions,
  type PodsOptions,
} from './manifests.ts';

/** The tools of the contests. */
export interface Tools {
  readonly podpose: (...args: string[]) => Command;
  /** Node with an empty script: the minimum time of any node program. */
  readonly emptyNode: Command;
  /**
   * The requests of a command of podpose, without podpose. The name is that of their file.
   * @param manifest a file that the command reads, with the libraries of podpose
   */
  readonly floor: (name: string, requests: Floor, manifest?: string) => Command;
  /** A command of node that reports its peak memory at its end. */
  readonly measured: (command: Command) => { readonly command: Command; readonly megabytes: () => number };
  /** Writes a manifest of pods and returns its path. */
  readonly writePods: (options: PodsOptions) => string;
  /** Writes a manifest of Deployments with Services and returns its path. */
  readonly writeDeployments: (options: DeploymentsOptions) => string;
  /** Writes podpose's commands for a manifest as a shell script and returns its path. */
  readonly writeScript: (manifest: string) => Promise<string>;
  readonly run: (command: Command) => Promise<string>;
  /** Throws unless this number of containers of those pods is running. */
  readonly expectRunning: (name: string, count: number) => Promise<void>;
  /** The containers of those pods with their processes. A restarted container has another process. */
  readonly processes: (name: string) => Promise<ReadonlyMap<string, string>>;
  /** Removes all pods of the bench, including those of an earlier one that was killed. */
  readonly removePods: () => Promise<void>;
}

/** The members of `podman ps --format json` that are read. */
interface Listed {
  readonly Names: readonly string[];
  readonly Id: string;
  readonly Pid: number;
  readonly State: string;
  readonly IsInfra: boolean;
}

const PODPOSE = fileURLToPath(new URL('../dist/podpose.js', import.meta.url));
const FLOOR = fileURLToPath(new URL('floor.cjs', import.meta.url));

/** Bundles the reader of the floor as a script whose value is a function, as the files of podpose are. */
function bundleReader(directory: string): string {
  const outfile = `${directory}/floor-reader.js`;
  buildSync({
    entryPoints: [fileURLToPath(new URL('floor-reader.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    banner: { js: '(function(module,exports,require){' },
    footer: { js: '})' },
  });
  return outfile;
}

export function makeTools(surroundings: Surroundings): Tools {
  const run = (command: Command) => runCommand(command, surroundings);
  const write = (name: string, text: string) => {
    const path = `${surroundings.directory}/${name}`;
    writeFileSync(path, text);
    return path;
  };
  const writeManifest = (name: string, text: string) => {
    // The directory names podpose's project. Each has its own project, so that no pods become orphans.
    const project = `${PREFIX}${name}`;
    mkdirSync(`${surroundings.directory}/${project}`, { recursive: true });
    return write(`${project}/pod.yaml`, text);
  };
  let reader: string | undefined;
  const podpose = (...args: string[]): Command => [process.execPath, PODPOSE, ...args];
  const list = async (name: string): Promise<readonly Listed[]> => {
    const filter = `name=^${PREFIX}${name}-`;
    const text = await run(['podman', 'ps', '--all', '--no-trunc', '--filter', filter, '--format', 'json']);
    return (JSON.parse(text) as readonly Listed[]).filter(({ IsInfra }) => !IsInfra);
  };
  return {
    podpose,
    emptyNode: [process.execPath, write('empty.mjs', '')],
    floor: (name, requests, manifest) => [
      process.execPath,
      FLOOR,
      surroundings.directory,
      write(`${name}.json`, JSON.stringify(requests)),
      ...(manifest === undefined ? [] : [(reader ??= bundleReader(surroundings.directory)), manifest]),
    ],
    measured: ([program, ...args]) => {
      const peak = `${surroundings.directory}/peak`;
      const report = `require('fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS))`;
      return {
        command: [program, '--require', write('peak.cjs', `process.on('exit', () => ${report})`), ...args],
        megabytes: () => Number(readFileSync(peak, 'utf8')) / 1024,
      };
    },
    writePods: (options) => writeManifest(options.name, podsManifest(options)),
    writeDeployments: (options) => writeManifest(options.name, deploymentsManifest(options)),
    writeScript: async (manifest) => {
      const path = manifest.replace(/yaml$/, 'sh');
      writeFileSync(path, await run(podpose('plan', '--format', 'commands', manifest)));
      return path;
    },
    run,
    expectRunning: async (name, count) => {
      const running = (await list(name)).filter(({ State }) => State === 'running').length;
      if (running !== count) throw new Error(`${count} containers of ${name} should run, ${running} do`);
    },
    processes: async (name) =>
      new Map((await list(name)).map(({ Names, Id, Pid }) => [Names.join(), `${Id} ${Pid}`])),
    removePods: async () => {
      const pods = await run(['podman', 'pod', 'ps', '--quiet', '--filter', `name=^${PREFIX}`]);
      const ids = pods.split('\n').filter((id) => id !== '');
      if (ids.length > 0) await run(['podman', 'pod', 'rm', '--force', '--time', '0', ...ids]);
      const networks = await run(['podman', 'network', 'ls', '--format', '{{.Name}}']);
      const own = networks.split('\n').filter((network) => network.startsWith(`podpose-${PREFIX}`));
      if (own.length > 0) await run(['podman', 'network', 'rm', ...own]);
    },
  };
}

/** The number of containers of `before` that are no longer running unchanged. */
export function countRestarted(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): number {
  return [...before].filter(([name, process]) => after.get(name) !== process).length;
}
