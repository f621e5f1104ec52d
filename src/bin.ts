#!/usr/bin/env node
import { runEdge } from './cli/process-entry.ts';

void runEdge();
