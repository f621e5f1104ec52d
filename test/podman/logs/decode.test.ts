import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { lineJoiner, type LogLine } from '../../../src/podman/logs/join-lines.ts';
import { journalDecoder } from '../../../src/podman/logs/journal-export.ts';
import { k8sFileDecoder } from '../../../src/podman/logs/k8s-file.ts';
import type { LogRecord } from '../../../src/podman/logs/record.ts';
import { stampedLinesDecoder } from '../../../src/podman/logs/stamped-lines.ts';
import { tailSearch } from '../../../src/podman/logs/tail.ts';

const TIME = '2026-01-02T03:04:05.000000001+00:00';
const SECOND = BigInt(Date.parse('2026-01-02T03:04:05Z')) * 1_000_000n;

/** A line of a container with the sizes of its parts in the log; bytes of all kinds except for line breaks. */
const aLine = fc.record({
  stream: fc.constantFrom('stdout' as const, 'stderr' as const),
  text: fc
    .uint8Array({ maxLength: 40 })
    .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 10 ? 228 : byte)))),
  cuts: fc.array(fc.nat(40), { maxLength: 3 }),
});
const someLines = fc.array(aLine, { maxLength: 12 });

/** The records of lines. The records of each stream keep their order, and the streams alternate according to `turns`. */
function recordsOf(
  lines: readonly (typeof aLine extends fc.Arbitrary<infer T> ? T : never)[],
): readonly LogRecord[] {
  return lines.flatMap(({ stream, text, cuts }) => {
    const ends = [...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
    return ends.map((end, index) => ({
      time: TIME,
      stream,
      isPartial: index < ends.length - 1,
      text: text.subarray(ends[index - 1] ?? 0, end),
    }));
  });
}

function k8sFile(records: readonly LogRecord[]): Buffer {
  return Buffer.concat(
    records.flatMap(({ time, stream, isPartial, text }) => [
      Buffer.from(`${time} ${stream} ${isPartial ? 'P' : 'F'} `),
      text,
      Buffer.from('\n'),
    ]),
  );
}

/** Like `journalctl --output=export`: with a length for binary text. */
function journal(records: readonly LogRecord[]): Buffer {
  return Buffer.concat(
    records.flatMap(({ stream, isPartial, text }, index) => {
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(text.length));
      const isText = text.every((byte) => byte >= 32 && byte < 127);
      return [
        Buffer.from(
          `__CURSOR=c${index}\n__REALTIME_TIMESTAMP=1767323045000001\nPRIORITY=${stream === 'stderr' ? 3 : 6}\n`,
        ),
        ...(isText ? [Buffer.from('MESSAGE='), text] : [Buffer.from('MESSAGE\n'), length, text]),
        Buffer.from(
          `\n${isPartial ? 'CONTAINER_PARTIAL_MESSAGE=true\n' : ''}_SYSTEMD_UNIT=user@1.service\n\n`,
        ),
      ];
    }),
  );
}

function chunksOf(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function shown(lines: readonly LogLine[]): readonly string[] {
  return lines.map(
    ({ stream, parts, ends }) => `${stream} ${Buffer.concat(parts).toString('latin1')}${ends ? '' : '|'}`,
  );
}

function wanted(lines: Parameters<typeof recordsOf>[0]): readonly string[] {
  return lines.map(({ stream, text }) => `${stream} ${text.toString('latin1')}`);
}

suite('lines of a log', () => {
  for (const [driver, encode, decoder] of [
    ['k8s-file', k8sFile, k8sFileDecoder],
    ['journald', journal, journalDecoder],
  ] as const)
    test(`of ${driver} are the same for any chunks and parts`, () => {
      fc.assert(
        fc.property(someLines, fc.array(fc.nat(), { maxLength: 6 }), (lines, cuts) => {
          const { push } = decoder();
          const joiner = lineJoiner();
          const chunks = chunksOf(encode(recordsOf(lines)), cuts);
          const found = chunks.flatMap((chunk) => joiner.push(push(chunk)));
          assert.deepEqual(shown([...found, ...joiner.flush()]), wanted(lines));
        }),
      );
    });

  test('alternating parts of standard output and standard error are joined separately', () => {
    const { push } = k8sFileDecoder();
    const joiner = lineJoiner();
    const log = [
      'stdout P one, ',
      'stderr P \u{1F980}'.slice(0, -1),
      'stdout F two',
      'stderr F !',
      'stdout F ',
      'stdout P prompt> ',
    ];
    const lines = joiner.push(push(Buffer.from(log.map((record) => `${TIME} ${record}\n`).join(''))));
    assert.deepEqual(
      lines.map(({ stream, parts }) => `${stream} ${parts.length}`),
      ['stdout 2', 'stderr 2', 'stdout 1'],
    );
    assert.deepEqual(shown(joiner.flush()), ['stdout prompt> |']);
    assert.equal(joiner.isHolding(), false);
  });

  test('a line that is too long is split into parts, with one beginning and one end', () => {
    const joiner = lineJoiner(1000);
    const part = {
      time: TIME,
      stream: 'stdout',
      isPartial: true,
      text: Buffer.from('x'.repeat(400)),
    } as const;
    const pieces = [
      ...joiner.push([part, part, part, part, part]),
      ...joiner.push([{ ...part, isPartial: false }]),
    ];
    assert.deepEqual(
      pieces.map(({ parts, begins, ends }) => [Buffer.concat(parts).length, begins, ends]),
      [
        [1200, true, false],
        [1200, false, true],
      ].map(([size, begins, ends], index) => (index === 0 ? [1200, true, false] : [size, begins, ends])),
    );
    assert.equal(joiner.push([{ ...part, isPartial: false }])[0]?.begins, true);
  });

  test('a line has the time of its beginning', () => {
    const joiner = lineJoiner();
    const record = (time: string, isPartial: boolean): LogRecord => ({
      time,
      stream: 'stdout',
      isPartial,
      text: Buffer.alloc(1),
    });
    assert.equal(joiner.push([record('early', true), record('late', false)])[0]?.time, 'early');
  });

  test('text that conmon has not written is a line nevertheless', () => {
    const [record] = k8sFileDecoder().push(Buffer.from('no log\n'));
    assert.deepEqual([record?.time, record?.text.toString()], ['', 'no log']);
  });
});

suite('the last lines of a log', () => {
  /** The lines of a log from the start found by a search. */
  function tailOf(records: readonly LogRecord[], tail: number, since?: bigint): readonly string[] {
    const search = tailSearch({ tail, ...(since === undefined ? {} : { since }) });
    let begin = records.length;
    for (; begin > 0; begin--) {
      const record = records[begin - 1];
      if (record === undefined || search.isBefore(record)) break;
    }
    const joiner = lineJoiner();
    const lines = [...joiner.push(records.slice(begin)), ...joiner.flush()];
    return shown(lines).slice(search.surplus());
  }

  test('are complete, and as many as requested, for any parts and streams', () => {
    const turns = fc.array(fc.boolean(), { maxLength: 30 });
    fc.assert(
      fc.property(someLines, turns, fc.integer({ min: 1, max: 8 }), (lines, outFirst, tail) => {
        const all = recordsOf(lines);
        const [out, err] = (['stdout', 'stderr'] as const).map((name) =>
          all.filter(({ stream }) => stream === name),
        );
        const mixed: LogRecord[] = [];
        for (const isOut of outFirst) mixed.push(...((isOut ? out : err)?.splice(0, 1) ?? []));
        mixed.push(...(out ?? []), ...(err ?? []));
        const joiner = lineJoiner();
        const whole = shown([...joiner.push(mixed), ...joiner.flush()]);
        assert.deepEqual(tailOf(mixed, tail), whole.slice(-tail));
      }),
    );
  });

  test('include an incomplete one', () => {
    const { push } = k8sFileDecoder();
    const records = push(
      Buffer.from(['F one', 'F two', 'P thr', 'P ee'].map((text) => `${TIME} stdout ${text}\n`).join('')),
    );
    assert.deepEqual(tailOf(records, 2), ['stdout two', 'stdout three|']);
    assert.deepEqual(tailOf(records, 0), []);
  });

  test('since a time', () => {
    const { push } = k8sFileDecoder();
    const records = push(
      Buffer.from(
        ['04.9', '05.0', '05.1']
          .map((second) => `2026-01-02T03:04:${second}Z stdout F at ${second}\n`)
          .join(''),
      ),
    );
    assert.deepEqual(tailOf(records, Infinity, SECOND), ['stdout at 05.0', 'stdout at 05.1']);
  });
});

suite('the output of podman logs --timestamps', () => {
  function decode(...chunks: readonly string[]) {
    const complaints: string[] = [];
    const { push, end } = stampedLinesDecoder((line) => complaints.push(line));
    const records = [...chunks.flatMap((chunk) => push(Buffer.from(chunk))), ...end()];
    const joiner = lineJoiner();
    return { lines: shown([...joiner.push(records), ...joiner.flush()]), complaints };
  }

  test('has a time before each part of a line', () => {
    const long = 'x'.repeat(8191);
    const { lines } = decode(
      `${TIME} ${long}ä${TIME} ${long}\n2026-01-02T03:04:05.5Z no`,
      ` end2026-01-02T03:04:06.25Z  yet`,
    );
    assert.deepEqual(lines, [
      `stdout ${Buffer.from(`${long}ä${long}`).toString('latin1')}`,
      'stdout no end yet|',
    ]);
  });

  test('may have times printed by the container itself', () => {
    const { lines } = decode(`${TIME} level=info at=2026-01-02T03:04:04.9Z hello\n`);
    assert.deepEqual(lines, ['stdout level=info at=2026-01-02T03:04:04.9Z hello']);
  });

  test("has podman's own messages without a time", () => {
    const { lines, complaints } = decode('Error: no container with name "x" found\n');
    assert.deepEqual([lines, complaints], [[], ['Error: no container with name "x" found']]);
  });
});
