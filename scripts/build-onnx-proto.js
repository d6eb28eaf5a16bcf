/**
 * @file Compiles ONNX's own onnx.proto to TypeScript, where src/adapters/onnx reads it: protobufjs parses it, protoc-gen-es writes
 * what that gives. Needs no network and no native program.
 */
import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt'
import protobuf from 'protobufjs'
import descriptor from 'protobufjs/ext/descriptor.js'

const folder = new URL('../src/adapters/onnx/proto/', import.meta.url)
const plugin = fileURLToPath(import.meta.resolve('@bufbuild/protoc-gen-es/bin/protoc-gen-es'))

/** The file's descriptor, as protoc gives it to its plugins. */
function describe(text) {
  const { root } = protobuf.parse(text, { keepCase: true })
  root.resolveAll()
  const set = descriptor.FileDescriptorSet.encode(root.toDescriptor()).finish()
  const [file] = fromBinary(FileDescriptorSetSchema, set).file
  complete(file.messageType, root.lookup(file.package))
  return file
}

/** protobufjs leaves out data that a plugin expects: full type names, and the JSON names of fields. */
function complete(messages, space) {
  for (const { name, field, nestedType } of messages) {
    const type = space.get(name)
    for (const each of field) {
      if (each.typeName) each.typeName = type.fields[each.name].resolvedType.fullName
      each.jsonName = each.name.replaceAll(/_(.)/g, (_, letter) => letter.toUpperCase())
    }
    complete(nestedType, type)
  }
}

/** The output of protoc-gen-es for one file. */
function generate(file) {
  const request = create(CodeGeneratorRequestSchema, {
    fileToGenerate: [file.name],
    parameter: 'target=ts',
    protoFile: [file],
  })
  const input = toBinary(CodeGeneratorRequestSchema, request)
  const { status, stdout, stderr } = spawnSync(process.execPath, [plugin], { input, maxBuffer: 2 ** 24 })
  if (status !== 0) throw new Error(`protoc-gen-es: ${stderr}`)
  return fromBinary(CodeGeneratorResponseSchema, stdout).file
}

const generated = new URL('generated/', folder)
await mkdir(generated, { recursive: true })
for (const { name, content } of generate(describe(await readFile(new URL('onnx.proto', folder), 'utf8'))))
  await writeFile(new URL(name, generated), content)
