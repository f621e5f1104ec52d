import type { LogDecoder, LogRecord } from './record.ts';
import { lineSplitter } from './split-lines.ts';

const SPACE = 0x20;
const PARTIAL = 0x50;

/**
 * The log driver k8s-file: `TIME STREAM F|P TEXT`, with P for a part of a line. This is the CRI log format:
 * https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
 */
export function k8sFileDecoder(): LogDecoder {
  const { push } = lineSplitter();
  return {
    push: (bytes) => push(bytes).map(({ bytes: line }) => decodeRecord(line)),
    // conmon writes a record and its line break at once: a record without one is not complete yet.
    end: () => [],
  };
}

function decodeRecord(line: Buffer): LogRecord {
  const first = line.indexOf(SPACE);
  const second = first === -1 ? -1 : line.indexOf(SPACE, first + 1);
  const hasTag = second !== -1 && line[second + 2] === SPACE;
  // Not written by conmon, but a line nevertheless.
  if (!hasTag) return { time: '', stream: 'stdout', isPartial: false, text: line };
  return {
    time: line.toString('latin1', 0, first),
    // The fourth letter distinguishes `stderr` from `stdout`.
    stream: line[first + 4] === 0x65 ? 'stderr' : 'stdout',
    isPartial: line[second + 1] === PARTIAL,
    text: line.subarray(second + 3),
  };
}
