/// What a privacy officer decides who does not have the person removed, as it is stored.
enum MinorReportResolution: String, Sendable {
  case consent
  case notUnder16 = "not_under16"
}
