import type { Diagnostic } from '../../base/diagnostic.ts';
import { failure, type Result } from '../../base/result.ts';
import { findField, kindNamed, type FoundField } from '../../manifest/schema/find-field.ts';
import { otherKind, otherKinds } from '../../manifest/other-kinds.ts';
import { renderExplanation } from '../../view/explain.ts';
import { usageError } from '../parse/command-line.ts';
import { EXIT } from '../exit-code.ts';
import type { Verb } from '../session.ts';

/** `podpose explain`: what a field is for, and what podpose does with it. Reads no file, and needs no podman. */
export const explain: Verb = async (session) => {
  const { platform, operands, paintOut } = session;
  if (operands.length === 0) {
    session.report([
      usageError(
        'no-field',
        'no field is named',
        'Name a kind or a field: podpose explain pod.spec.containers.',
      ),
    ]);
    return EXIT.usage;
  }
  const found = operands.map(lookUp);
  const mistakes = found.flatMap((result) => (result.ok ? [] : result.error));
  if (mistakes.length > 0) {
    session.report(mistakes);
    return EXIT.usage;
  }
  // Larger than all the rest of podpose: no other verb is to pay for it.
  const reference = await import('../../manifest/schema/reference.ts');
  const fields = found.flatMap((result) => (result.ok ? [result.value] : []));
  platform.stdout.write(
    fields.map((field) => renderExplanation(field, reference, paintOut, platform.stdout.columns)).join('\n'),
  );
  return EXIT.done;
};

function lookUp(text: string): Result<FoundField> {
  const name = kindNamed(text.split('.', 1)[0] ?? '', Object.keys(otherKinds));
  return name === undefined ? findField(text) : failure([explainOther(name)]);
}

/** Of other kinds there is nothing to say but what becomes of them. */
function explainOther(name: string): Diagnostic {
  const kind = otherKind(name);
  return {
    code: 'unsupported-kind',
    severity: 'error',
    message: `podpose runs no ${name}`,
    ...(kind === undefined
      ? {}
      : { help: kind.support === 'ignored' ? `It is ignored, with a warning: ${kind.lost}.` : kind.instead }),
  };
}
