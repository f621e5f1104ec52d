#!/usr/bin/env node
import { runProcess } from './cli/process-entry.ts';

void runProcess();
