// The bench: compares podpose with `podman kube play`, a shell script and an empty node script. Run by
// scripts/bench.sh, which sets up what it needs. Prints a Markdown table.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { runCommand } from './command.ts';
import { hold, type Contest, type Sample } from './contest.ts';
import { again, againWithMany, unchanged } from './contests/again.ts';
import { memory } from './contests/memory.ts';
import { probed } from './contests/probed.ts';
import { startUp } from './contests/start-up.ts';
import { downUnwilling, upAndDown } from './contests/up-and-down.ts';
import { service, workloads } from './contests/workloads.ts';
import { compare, renderTable } from './rows.ts';
import { median } from './statistics.ts';
import { renderTimeSpent, type TimeSpent } from './time-spent.ts';
import { makeTools, type Tools } from './tools.ts';

const CONTESTS: Readonly<Record<string, (tools: Tools) => Contest | Promise<Contest>>> = {
  'start-up': startUp,
  memory,
  '3-in-one-pod': (tools) =>
    upAndDown(tools, {
      ...{ name: '3-in-one-pod', title: '3 containers in one pod', pods: 1, containers: 3 },
      ...{ upAim: 0.75, downAim: 0.75 },
    }),
  '10-in-one-pod': (tools) =>
    upAndDown(tools, {
      ...{ name: '10-in-one-pod', title: '10 containers in one pod', pods: 1, containers: 10 },
      ...{ upAim: 0.6, downAim: 0.75 },
    }),
  '10-pods-of-2': (tools) =>
    upAndDown(tools, { name: '10-pods-of-2', title: '10 pods of 2', pods: 10, containers: 2, upAim: 0.6 }),
  'unwilling-3': (tools) => downUnwilling(tools, 3),
  'unwilling-10': (tools) => downUnwilling(tools, 10),
  'again-3': (tools) => again(tools, 3),
  'again-10': (tools) => again(tools, 10),
  probed,
  workloads,
  service,
  'again-200': (tools) => againWithMany(tools, 20, 10),
};

interface Options {
  readonly names: readonly string[];
  readonly rounds?: number;
  readonly json?: string;
}

function readOptions(): Options {
  const options = {
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true },
    json: { type: 'string' },
  } as const;
  try {
    const { values } = parseArgs({ options });
    const names = values.only ?? Object.keys(CONTESTS);
    const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
    const unknown = names.find((name) => !(name in CONTESTS));
    if (unknown !== undefined) throw new Error(`there is no contest ${unknown}`);
    if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
      throw new Error('--rounds takes a whole number');
    return {
      names,
      ...(rounds === undefined ? {} : { rounds }),
      ...(values.json === undefined ? {} : { json: values.json }),
    };
  } catch (error) {
    report(textOf(error));
    report('npm run bench -- [--podman 4|5|6] [--rounds N] [--only NAME]...');
    report(`NAME is one of ${Object.keys(CONTESTS).join(', ')}`);
    process.exit(2);
  }
}

function report(text: string): void {
  console.error(`bench: ${text}`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Milliseconds for each additional container, from 10 to 200. */
function growthOf(samples: readonly Sample[]): number | undefined {
  const [few, many] = [10, 200].map((containers) =>
    samples.find(
      ({ measures, contestant }) => measures === unchanged(containers) && contestant === 'podpose',
    ),
  );
  if (few === undefined || many === undefined) return undefined;
  return (median(many.values) - median(few.values)) / 190;
}

const { names, rounds, json } = readOptions();
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    report('stopping');
    stop.abort(new Error(`stopped by ${signal}`));
  });
}
const directory = mkdtempSync(`${tmpdir()}/podpose-bench-`);
const surroundings = { directory, stop: stop.signal };
// Cleans up after an interrupt, too.
const cleaning = { directory, stop: new AbortController().signal };
const podman = (await runCommand(['podman', 'version', '--format', '{{.Client.Version}}'], cleaning)).trim();
const { run, removePods } = makeTools(cleaning);
// `kube play` creates its own network.
const KUBE_NETWORK = 'podman-default-kube-network';
const hasKubeNetwork = async () =>
  (await run(['podman', 'network', 'ls', '--format', '{{.Name}}'])).split('\n').includes(KUBE_NETWORK);

const samples: Sample[] = [];
const spent: TimeSpent[] = [];
const hadKubeNetwork = await hasKubeNetwork();
try {
  await removePods();
  for (const name of names) {
    const contest = await CONTESTS[name]?.({ ...makeTools(surroundings), removePods });
    if (contest === undefined) continue;
    const results = await hold({ ...contest, rounds: rounds ?? contest.rounds }, surroundings, report);
    samples.push(...results.samples);
    spent.push(...results.spent);
  }
} catch (error) {
  report(textOf(error));
  process.exitCode = 1;
} finally {
  await removePods();
  if (!hadKubeNetwork && (await hasKubeNetwork())) await run(['podman', 'network', 'rm', KUBE_NETWORK]);
}

const rows = compare(samples);
const growth = growthOf(samples);
const machine = {
  podman,
  node: process.version,
  cores: availableParallelism(),
  load: loadavg()[0] ?? NaN,
};
rmSync(directory, { recursive: true });
if (rows.length > 0) {
  console.log(
    `podman ${machine.podman}, node ${machine.node}, ${machine.cores} cores, load ${machine.load.toFixed(1)}\n`,
  );
  console.log(renderTable(rows));
}
if (spent.length > 0) console.log(`\n${renderTimeSpent(spent)}`);
if (growth !== undefined)
  console.log(`\nEach further container makes \`up -d\` again ${growth.toFixed(2)} ms longer (aim: < 2 ms).`);
if (json !== undefined)
  writeFileSync(json, `${JSON.stringify({ machine, rows, growth, spent, samples }, null, 2)}\n`);
