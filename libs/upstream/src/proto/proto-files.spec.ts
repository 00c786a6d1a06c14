import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ProtoFilesError, readProtoFiles } from './proto-files.js';

const folder = mkdtempSync(join(tmpdir(), 'proto-'));
const file = join(folder, 'keys.proto');
const text = `syntax = "proto3";
package test;
service Keys { rpc Read(Keyed) returns (Keyed); }
message Keyed { map<int64, bool> signed = 1; map<uint64, string> unsigned = 2; }
`;
beforeEach(() => writeFileSync(file, text));
afterAll(() => rmSync(folder, { recursive: true }));

test('keys of 64 bits keep their digits', () => {
  const method = readProtoFiles([file], []).method('test.Keys/Read');
  const message = {
    signed: { '-5': true, '12345678': false, '-9223372036854775808': true },
    unsigned: { '18446744073709551615': 'most' },
  };
  expect(method.responseDeserialize(method.requestSerialize(message))).toEqual(message);
});

test('files of the same content are equal, and those of another are not', () => {
  const before = readProtoFiles([file], []);
  expect(isDeepStrictEqual(readProtoFiles([file], []), before)).toBe(true);
  writeFileSync(file, `${text}message More {}\n`);
  expect(isDeepStrictEqual(readProtoFiles([file], []), before)).toBe(false);
});

test('a file that makes no sense is told by its name', () => {
  writeFileSync(file, 'syntax = "proto3"; message {');
  expect(() => readProtoFiles([file], [])).toThrow(ProtoFilesError);
  expect(() => readProtoFiles([file], [])).toThrow(/keys\.proto cannot be read/);
});
