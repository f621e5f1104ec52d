import type { Diagnostic } from '../base/diagnostic.ts';
import { shellWord } from '../base/shell-word.ts';
import { usageError } from './failure.ts';

/** A file or directory that exists and cannot be read, by the error of the system. */
export function unreadable(name: string, what: 'file' | 'directory', error: unknown): Diagnostic {
  const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const known = UNREADABLE[why];
  const options = what === 'directory' ? '-ld' : '-l';
  return usageError(
    'file-unreadable',
    `${name}: ${known?.message ?? `cannot read the ${what} (${why})`}`,
    known?.help ?? `Check its permissions: ls ${options} ${shellWord(name)}`,
  );
}

/** Messages by error code of the system. */
const UNREADABLE: Readonly<Record<string, { readonly message: string; readonly help?: string } | undefined>> =
  {
    EACCES: { message: 'permission denied (EACCES)' },
    ELOOP: {
      message: 'too many levels of symbolic links (ELOOP)',
      help: 'Check the link: it points to itself, or to a loop of links.',
    },
    ENAMETOOLONG: {
      message: 'file name too long (ENAMETOOLONG)',
      help: 'Use a shorter name.',
    },
    EIO: {
      message: 'cannot read the file: input or output error (EIO)',
      help: 'Check its disk: dmesg.',
    },
  };
