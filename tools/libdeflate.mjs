// Takes libdeflate.wasm out of the npm package `libdeflate`, which holds it as text in an ES module.
//
// It is no dependency of the plugin: it wants Node.js 24, for which yarn refuses to install it elsewhere.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './run.mjs';

const from = join(repositoryRoot, 'node_modules/libdeflate');
const to = join(repositoryRoot, 'packages/lambda-py/src/artifact/files');
const module = readFileSync(join(from, 'dist/libdeflate.wasm.mjs'), 'latin1');
const [, base64] = /;base64,([A-Za-z0-9+/=]+)/.exec(module) ?? [];
if (base64 === undefined) throw new Error('no WebAssembly in libdeflate');
writeFileSync(join(to, 'libdeflate.wasm'), Buffer.from(base64, 'base64'));
copyFileSync(join(from, 'LICENSE.txt'), join(to, 'libdeflate.LICENSE.txt'));
