/** Writes the generated pages of docs/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnosticsPage } from './diagnostics-page.ts';
import { supportPage } from './support-page.ts';

const docs = join(import.meta.dirname, '../docs');
mkdirSync(docs, { recursive: true });
writeFileSync(join(docs, 'support.md'), supportPage());
writeFileSync(join(docs, 'diagnostics.md'), diagnosticsPage());
