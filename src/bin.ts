#!/usr/bin/env node
import { runEdge } from './cli/edge.ts';

void runEdge();
