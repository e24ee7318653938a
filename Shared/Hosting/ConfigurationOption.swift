package import ArgumentParser

/// What every command of a service takes.
package struct ConfigurationOption: ParsableArguments {
  @Option(name: .long, help: "The JSON file with the settings of this process.")
  package var config: String

  package init() {}
}
