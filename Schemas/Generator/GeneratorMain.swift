import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// `protoc-gen-ikso`: reads every schema in one run, refuses what breaks a rule of
/// Schemas/README.md and prints a Swift file per schema with services, and the catalogue.
@main
struct GeneratorMain: CodeGenerator {
  func generate(
    files: [FileDescriptor], parameter: any CodeGeneratorParameter,
    protoCompilerContext: any ProtoCompilerContext, generatorOutputs: any GeneratorOutputs
  ) throws {
    let schema = try Schema(files)
    for file in schema.files where !file.services.isEmpty {
      try generatorOutputs.add(
        fileName: ServicePrinter.fileName(file.descriptor),
        contents: ServicePrinter(file).contents)
    }
    try generatorOutputs.add(
      fileName: CataloguePrinter.fileName, contents: CataloguePrinter(schema).contents)
    for printer in SealedColumnsPrinter.all(of: schema) {
      try generatorOutputs.add(fileName: printer.fileName, contents: printer.contents)
    }
  }

  var supportedFeatures: [Google_Protobuf_Compiler_CodeGeneratorResponse.Feature] {
    [.proto3Optional]
  }

  var customOptionExtensions: [any AnyMessageExtension] {
    [
      OptionsExtensions_access, OptionsExtensions_personal_data, OptionsExtensions_internal,
      OptionsExtensions_sealed_in,
    ]
  }
}
