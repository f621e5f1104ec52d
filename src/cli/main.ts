import { plainPaint } from '../base/paint.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import type { Engine } from '../engine/engine.ts';
import { watchFault } from '../engine/watch-settings.ts';
import type { Platform } from '../platform/platform.ts';
import { serviceFault } from '../podman/client/environment.ts';
import { decideColour, terminalPaint } from '../view/terminal/colour.ts';
import type { Command, PlainContext } from './command.ts';
import { validate } from './commands/validate.ts';
import { withConnection } from './connection.ts';
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts';
import { terminalHost } from './host.ts';
import { messages } from './messages.ts';
import type { CommandLine, Request } from './parse/command-line.ts';
import { helpText } from './parse/help.ts';
import { choice, flag, namespaceName } from './parse/option-values.ts';
import { asksForJson, progressOption } from './parse/progress-option.ts';
import { podmanSettings } from './podman-settings.ts';
import { withRuntimeDirectory } from './runtime-directory.ts';
import type { Trace } from './trace/open-trace.ts';

/**
 * Runs podpose on a platform and returns the exit code. Wires engine, client and views together.
 * @param args the arguments of the request
 * @param trace the trace of the run, or why there is none
 */
export async function main(
  platform: Platform,
  request: Result<Request>,
  version: string,
  args: readonly string[],
  trace?: Result<Trace>,
): Promise<ExitCode> {
  const refuse = (diagnostics: readonly Diagnostic[]) => {
    const kind = asksForJson(args, platform.env) ? 'json' : 'plain';
    messages(platform.stderr, kind, plainPaint).report(diagnostics);
    return EXIT.usage;
  };
  if (!request.ok) return refuse(request.error);
  switch (request.value.kind) {
    case 'version':
      platform.stdout.write(`podpose ${version}\n`);
      return EXIT.done;
    case 'help':
      platform.stdout.write(helpText(request.value.command));
      return EXIT.done;
    case 'run': {
      const { commandLine } = request.value;
      const opened = openContext(platform, commandLine, version, trace);
      return opened.ok ? runCommand(commandLine, opened.value) : refuse(opened.error);
    }
  }
}

/** `validate` does not load the code of the others, which use podman. */
async function runCommand({ command: name }: CommandLine, opened: OpenedContext): Promise<ExitCode> {
  const { context, openEngine } = opened;
  if (name === 'validate') return endOf(validate, context);
  const { REGISTRY } = await import('./registry.ts');
  return endOf(await REGISTRY[name](), { ...context, engine: await openEngine() });
}

async function endOf<Context extends PlainContext>(
  command: Command<Context>,
  context: Context,
): Promise<ExitCode> {
  const result = await command.run(context);
  if (result.ok) return result.value;
  const { kind, diagnostics, sources, isUnchanged } = result.error;
  context.report(diagnostics, sources);
  if (isUnchanged === true)
    context.say(`${kind === 'timeout' ? 'Timed out (--timeout)' : 'Interrupted'}. No changes were made.\n`);
  return command.exitCodeOf?.(kind, context) ?? exitCodeOf(kind);
}

interface OpenedContext {
  readonly context: PlainContext;
  readonly openEngine: () => Promise<Engine>;
}

function openContext(
  platform: Platform,
  request: CommandLine,
  version: string,
  trace: Result<Trace> | undefined,
): Result<OpenedContext> {
  const { values, operands, passedOn } = request;
  const verbose = flag(values, 'verbose');
  const color = choice(values, 'color', ['auto', 'always', 'never']);
  const progress = progressOption(platform, values, verbose);
  const namespace = namespaceName(values);
  if (!color.ok) return color;
  if (!namespace.ok) return namespace;
  if (!progress.ok) return progress;
  const fault = serviceFault(platform.env) ?? watchFault(platform.env);
  if (fault !== undefined) return failure([fault]);
  const isColoured = (isTTY: boolean) => decideColour(color.value ?? 'auto', platform.env, isTTY);
  const colourOut = isColoured(platform.stdout.isTTY);
  const isJson = progress.value === 'json';
  const paintErr = isJson ? plainPaint : terminalPaint(isColoured(platform.stderr.isTTY));
  const { report, say, showCommand } = messages(platform.stderr, progress.value, paintErr);
  const redactors: ((text: string) => string)[] = [];
  const redact = (text: string) => redactors.reduce((shown, hide) => hide(shown), text);
  const { env } = podmanSettings(request, platform.env);
  const explained = (diagnostic: Diagnostic) =>
    withConnection(withRuntimeDirectory(diagnostic, platform), env);
  const reportAll: typeof report = (diagnostics, sources) => {
    report(
      diagnostics.map((diagnostic) => redacted(explained(diagnostic), redact)),
      sources,
    );
  };
  if (trace?.ok === false) reportAll(trace.error);
  const tracing = trace?.ok === true ? trace.value : undefined;
  const traced = tracing?.platform(platform) ?? platform;
  const terminal = terminalHost({
    ...{ platform, verbose, say },
    progress: progress.value,
    paint: paintErr,
    report: reportAll,
    hideSecrets: (hide) => void redactors.push(hide),
  });
  const host = tracing?.host(terminal) ?? terminal;
  const openEngine = async () => {
    const loaded = await import('./open-engine.ts');
    return loaded.openEngine(traced, host, request, verbose ? { showCommand, say } : undefined);
  };
  const context = {
    ...{ platform, values, operands, passedOn, verbose, version, colourOut, paintErr, say },
    engine: { platform: traced, host },
    progress: progress.value,
    paintOut: terminalPaint(colourOut),
    report: reportAll,
  };
  return success({ context, openEngine });
}

/**
 * Redacts secrets in a diagnostic. Diagnostics with a location are not redacted: they quote neither secrets
 * (manifest/secret-text.ts) nor messages of podman, only names of objects, and a password such as `postgres` would
 * garble image names. A test checks this.
 */
function redacted(diagnostic: Diagnostic, redact: (text: string) => string): Diagnostic {
  const { location, message, help } = diagnostic;
  if (location !== undefined) return diagnostic;
  return {
    ...diagnostic,
    message: redact(message),
    ...(help === undefined ? {} : { help: redact(help) }),
  };
}
