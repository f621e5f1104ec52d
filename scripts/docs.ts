/** Writes docs/support.md anew. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { supportPage } from './support-page.ts';

const docs = join(import.meta.dirname, '../docs');
mkdirSync(docs, { recursive: true });
writeFileSync(join(docs, 'support.md'), supportPage());
