/**
 * Repeatedly takes and releases a lock, and logs both. From time to time, it is killed while it holds the lock.
 * Argument: the log. It runs until it is killed.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { nodeLock } from '../../src/platform/node/lock.ts';

const log = process.argv[2] ?? '';
const write = (line: string) => {
  appendFileSync(log, `${line} ${process.pid}\n`);
};
const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A zombie process counts as dead, too. */
function isAlive(pid: string): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The previous holder must have released the lock or be dead. Of two holders, one would read the line of the other. */
async function assertAlone(): Promise<void> {
  const held = new Set<string>();
  for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
    const [word, pid = ''] = line.split(' ');
    if (word === 'take') held.add(pid);
    else held.delete(pid);
  }
  held.delete(String(process.pid));
  for (const pid of held) {
    // The kernel closes the files of a killed process slightly before the process is dead.
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
