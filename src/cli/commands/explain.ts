import type { Diagnostic } from '../../base/diagnostic.ts';
import { failure, success, type Result } from '../../base/result.ts';
import { findField, kindNamed, type FoundField } from '../../manifest/schema/find-field.ts';
import { isKind, type Kind } from '../../manifest/kinds.ts';
import { otherKind, otherKinds } from '../../manifest/other-kinds.ts';
import { renderExplanation } from '../../view/explain.ts';
import { EXIT } from '../exit-code.ts';
import { failed, usageError } from '../../engine/failure.ts';
import type { Command } from '../command.ts';
import { mistakesIn } from '../options.ts';

/**
 * `podpose explain`: documentation of a field, and how podpose supports it. Reads no manifest, needs no
 * podman.
 */
export const explain: Command = {
  run: async ({ platform, operands, paintOut }) => {
    if (operands.length === 0) return failed('usage', [NO_FIELD]);
    const found = operands.map(lookUp);
    const mistakes = mistakesIn(...found);
    if (mistakes.length > 0) return failed('usage', mistakes);
    // Loaded only here: the API reference is larger than the rest of podpose.
    const reference = await import('../../manifest/schema/reference.ts');
    const fields = found.flatMap((result) => (result.ok ? [result.value] : []));
    const { stdout } = platform;
    stdout.write(
      fields.map((field) => renderExplanation(field, reference, paintOut, stdout.columns)).join('\n'),
    );
    return success(EXIT.done);
  },
};

const NO_FIELD = usageError(
  'no-field',
  'no field given',
  'Name a kind or a field, for example: podpose explain pod.spec.containers',
);

function lookUp(text: string): Result<FoundField> {
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
    ...(kind === undefined
      ? {}
      : { help: kind.support === 'ignored' ? `It is ignored, with a warning: ${kind.lost}.` : kind.instead }),
  };
}
