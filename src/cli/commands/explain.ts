import type { Diagnostic } from '../../base/diagnostic.ts';
import { isDiagnosticCode, type DiagnosticCode } from '../../base/diagnostic-code.ts';
import type { Paint } from '../../base/paint.ts';
import { failure, success, type Result } from '../../base/result.ts';
import { findField, kindNamed, type FoundField } from '../../manifest/schema/find-field.ts';
import { isKind, type Kind } from '../../manifest/kinds.ts';
import { otherKind, otherKinds } from '../../manifest/other-kinds.ts';
import { renderCode } from '../../view/explain-code.ts';
import { renderExplanation } from '../../view/explain.ts';
import { EXIT } from '../exit-code.ts';
import { failed, usageError } from '../../engine/failure.ts';
import type { Command } from '../command.ts';
import { mistakesIn } from '../options.ts';

/**
 * `podpose explain`: documentation of a field and how podpose supports it, or of the code of a diagnostic. Reads no
 * manifest, needs no podman.
 */
export const explain: Command = {
  run: async ({ platform, operands, paintOut }) => {
    if (operands.length === 0) return failed('usage', [NO_FIELD]);
    const found = operands.map(lookUp);
    const mistakes = mistakesIn(...found);
    if (mistakes.length > 0) return failed('usage', mistakes);
    const { stdout } = platform;
    const topics = found.flatMap((result) => (result.ok ? [result.value] : []));
    const texts = await Promise.all(topics.map((topic) => render(topic, paintOut, stdout.columns)));
    stdout.write(texts.join('\n'));
    return success(EXIT.done);
  },
};

const NO_FIELD = usageError(
  'no-field',
  'no field given',
  'Name a field, a kind or the code of a diagnostic, for example: podpose explain pod.spec.containers',
);

type Topic = FoundField | DiagnosticCode;

/** Loads what is explained: the API reference is larger than the rest of podpose. */
async function render(topic: Topic, paint: Paint, columns: number): Promise<string> {
  if (typeof topic !== 'string')
    return renderExplanation(topic, await import('../../manifest/schema/reference.ts'), paint, columns);
  const { DIAGNOSTICS } = await import('../../view/diagnostics/reference/table.ts');
  return renderCode(topic, DIAGNOSTICS[topic], paint, columns);
}

function lookUp(text: string): Result<Topic> {
  if (isDiagnosticCode(text)) return success(text);
  const name = kindNamed(text.split('.', 1)[0] ?? '', Object.keys(otherKinds).filter(isKind));
  return name === undefined ? findField(text) : failure([explainOther(name)]);
}

/** For other kinds, the support status is all there is to show. */
function explainOther(name: Kind): Diagnostic {
  const kind = otherKind(name);
  return {
    code: 'unsupported-kind',
    severity: 'error',
    message: `${name} is not supported`,
    ...(kind === undefined ? {} : { help: `It is ignored, with a warning: ${kind.lost}.` }),
  };
}
