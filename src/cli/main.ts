import { plainPaint } from '../base/paint.ts';
import { decideColour, terminalPaint } from '../report/colour.ts';
import { roughText } from '../manifest/rough-text.ts';
import { hideSecrets } from '../manifest/secret-text.ts';
import { renderDiagnostics } from '../report/diagnostics.ts';
import { askVersion } from '../podman/observe.ts';
import type { Result } from '../base/result.ts';
import type { RunnerSettings } from '../podman/process.ts';
import { servedRunner } from '../podman/service/served-runner.ts';
import { shellLine } from '../podman/argv/shell.ts';
import type { CommandLine, Request } from './command-line.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { helpText } from './help.ts';
import { choice } from './option-values.ts';
import type { VerbName } from './options.ts';
import { podmanSettings } from './podman-settings.ts';
import { flag, type Session, type Verb } from './session.ts';
import { down } from './verbs/down.ts';
import { logs } from './verbs/logs.ts';
import { plan } from './verbs/plan.ts';
import { up } from './verbs/up.ts';
import { validate } from './verbs/validate.ts';
import { withRuntimeDirectory } from './runtime-directory.ts';
import type { World } from './world.ts';

/** Those that take much along are loaded when they are asked for. */
const VERBS: Readonly<Record<VerbName, () => Verb | Promise<Verb>>> = {
  validate: () => validate,
  explain: async () => (await import('./late.ts')).explain,
  plan: () => plan,
  diff: async () => (await import('./late.ts')).diff,
  up: () => up,
  down: () => down,
  ps: async () => (await import('./late.ts')).ps,
  logs: () => logs,
};

/** Runs podpose in a world; gives the exit code. The one place where the rooms meet. */
export async function main(world: World, request: Result<Request>, version: string): Promise<ExitCode> {
  if (!request.ok) {
    world.stderr.write(renderDiagnostics(request.error, new Map(), plainPaint));
    return EXIT.usage;
  }
  switch (request.value.kind) {
    case 'version':
      world.stdout.write(`podpose ${version}\n`);
      return EXIT.done;
    case 'help':
      world.stdout.write(helpText(request.value.verb));
      return EXIT.done;
    case 'run': {
      const { commandLine } = request.value;
      const session = openSession(world, commandLine);
      if (session === undefined) return EXIT.usage;
      const verb = await VERBS[commandLine.verb]();
      return verb(session);
    }
  }
}

function openSession(world: World, request: CommandLine): Session | undefined {
  const { values, operands } = request;
  const color = choice(values, 'color', ['auto', 'always', 'never']);
  if (!color.ok) {
    world.stderr.write(renderDiagnostics(color.error, new Map(), plainPaint));
    return undefined;
  }
  const isColoured = (isTTY: boolean) => decideColour(color.value ?? 'auto', world.env, isTTY);
  const colourOut = isColoured(world.stdout.isTTY);
  const paintErr = terminalPaint(isColoured(world.stderr.isTTY));
  const { podman, env } = podmanSettings(request, world.env);
  const verbose = flag(values, 'verbose');
  const onCommand: RunnerSettings['onCommand'] = verbose
    ? (program, args) => {
        world.stderr.write(`${paintErr('faint', `$ ${commandLine(program, args)}`)}\n`);
      }
    : undefined;
  const direct = world.createRunner({ env, ...(onCommand === undefined ? {} : { onCommand }) });
  const { service } = world;
  if (service?.startedWith !== undefined) onCommand?.(podman, service.startedWith);
  const run = service === undefined ? direct : servedRunner(direct, podman, service, onCommand);
  let version: ReturnType<Session['version']> | undefined;
  return {
    world,
    values,
    operands,
    podman,
    verbose,
    colourOut,
    paintOut: terminalPaint(colourOut),
    paintErr,
    tell: (diagnostics, sources = []) => {
      if (diagnostics.length === 0) return;
      const texts = new Map(sources.map(({ file, text }) => [file, hideSecrets(roughText(text))]));
      const explained = diagnostics.map((diagnostic) => withRuntimeDirectory(diagnostic, world));
      world.stderr.write(renderDiagnostics(explained, texts, paintErr, { columns: world.stderr.columns }));
    },
    run,
    version: () => (version ??= askVersion(run, podman)),
  };
}

function commandLine(program: string, args: readonly string[]): string {
  return shellLine({ program: 'podman', args }, program);
}
