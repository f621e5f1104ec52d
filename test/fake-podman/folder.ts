import { buildFakePodman } from './build.ts';

process.stdout.write(`${await buildFakePodman()}\n`);
