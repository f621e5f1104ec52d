import { plainPaint } from '../base/paint.ts';
import { decideColour, terminalPaint } from '../report/colour.ts';
import { askVersion } from '../podman/observe.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { success, type Result } from '../base/result.ts';
import type { RunnerSettings } from '../podman/process.ts';
import { servedRunner } from '../podman/service/served-runner.ts';
import { shellLine } from '../podman/argv/shell.ts';
import type { CommandLine, Request } from './command-line.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { helpText } from './help.ts';
import { messages } from './messages.ts';
import { choice } from './option-values.ts';
import type { VerbName } from './options.ts';
import { podmanSettings } from './podman-settings.ts';
import { asksForJson, progressOption } from './progress-option.ts';
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

/**
 * Runs podpose in a world; gives the exit code. The one place where the rooms meet.
 * @param args what the request was read from
 */
export async function main(
  world: World,
  request: Result<Request>,
  version: string,
  args: readonly string[],
): Promise<ExitCode> {
  const refuse = (diagnostics: readonly Diagnostic[]) => {
    const kind = asksForJson(args, world.env) ? 'json' : 'plain';
    messages(world.stderr, kind, plainPaint).tell(diagnostics);
    return EXIT.usage;
  };
  if (!request.ok) return refuse(request.error);
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
      if (!session.ok) return refuse(session.error);
      const verb = await VERBS[commandLine.verb]();
      return verb(session.value);
    }
  }
}

function openSession(world: World, request: CommandLine): Result<Session> {
  const { values, operands } = request;
  const verbose = flag(values, 'verbose');
  const color = choice(values, 'color', ['auto', 'always', 'never']);
  const progress = progressOption(world, values, verbose);
  if (!color.ok) return color;
  if (!progress.ok) return progress;
  const isColoured = (isTTY: boolean) => decideColour(color.value ?? 'auto', world.env, isTTY);
  const colourOut = isColoured(world.stdout.isTTY);
  const isJson = progress.value === 'json';
  const paintErr = isJson ? plainPaint : terminalPaint(isColoured(world.stderr.isTTY));
  const { podman, env } = podmanSettings(request, world.env);
  const { tell, say, showCommand } = messages(world.stderr, progress.value, paintErr);
  const onCommand: RunnerSettings['onCommand'] = verbose
    ? (program, args) => {
        showCommand(commandLine(program, args));
      }
    : undefined;
  const direct = world.createRunner({ env, ...(onCommand === undefined ? {} : { onCommand }) });
  const { service } = world;
  if (service?.startedWith !== undefined) onCommand?.(podman, service.startedWith);
  const run = service === undefined ? direct : servedRunner(direct, podman, service, onCommand);
  let version: ReturnType<Session['version']> | undefined;
  const redactors: ((text: string) => string)[] = [];
  const redact = (text: string) => redactors.reduce((shown, hide) => hide(shown), text);
  return success({
    world,
    values,
    operands,
    podman,
    verbose,
    progress: progress.value,
    colourOut,
    paintOut: terminalPaint(colourOut),
    paintErr,
    tell: (diagnostics, sources) => {
      tell(
        diagnostics.map((diagnostic) => redacted(withRuntimeDirectory(diagnostic, world), redact)),
        sources,
      );
    },
    say,
    hideSecrets: (hide) => void redactors.push(hide),
    run,
    version: (asker = run) => (version ??= askVersion(asker, podman)),
  });
}

/** What is said of a place in a file quotes no secret; see manifest/secret-text.ts. */
function redacted(diagnostic: Diagnostic, redact: (text: string) => string): Diagnostic {
  const { location, message, help } = diagnostic;
  if (location !== undefined) return diagnostic;
  return {
    ...diagnostic,
    message: redact(message),
    ...(help === undefined ? {} : { help: redact(help) }),
  };
}

function commandLine(program: string, args: readonly string[]): string {
  return shellLine({ program: 'podman', args }, program);
}
