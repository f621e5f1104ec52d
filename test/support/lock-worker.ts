/**
 * Takes a lock again and again, and writes into a log when it has it and when it gives it back. Now and then it is killed
 * while it has it. Arguments: the log. Ends when it is killed.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { nodeLock } from '../../src/platform/node/lock.ts';

const log = process.argv[2] ?? '';
const write = (line: string) => {
  appendFileSync(log, `${line} ${process.pid}\n`);
};
const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A process that has ended and that nobody has waited for yet is dead, too. */
function isAlive(pid: string): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Whoever has taken it before has given it back or is dead. Of two that have it, one reads the line of the other. */
async function assertAlone(): Promise<void> {
  const held = new Set<string>();
  for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
    const [word, pid = ''] = line.split(' ');
    if (word === 'take') held.add(pid);
    else held.delete(pid);
  }
  held.delete(String(process.pid));
  for (const pid of held) {
    // The kernel closes what a killed process has open a moment before it is dead.
    for (let look = 1; look <= 20 && isAlive(pid); look++) await rest(10);
    if (isAlive(pid)) write(`BROKEN by ${pid}, seen by`);
  }
}

for (;;) {
  const answer = await nodeLock('many', `worker ${process.pid}`);
  if (!answer.ok) write(`FAILED ${JSON.stringify(answer.error)}`);
  else if (answer.value.kind === 'taken') {
    write('take');
    await assertAlone();
    await rest(Math.random() * 6);
    await assertAlone();
    if (Math.random() < 0.15) process.kill(process.pid, 'SIGKILL');
    write('give');
    answer.value.release();
  }
  await rest(Math.random() * 15);
}
