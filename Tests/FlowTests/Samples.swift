import Cryptography
import Foundation
import Schemas
import SwiftProtobuf

/// Texts that tests hand in.
enum Samples {
  /// A Dutch statement as a client would write it, with what breaks careless software.
  static let statement = """
    # Privacyverklaring

    Wij verwerken uw naam, e-mailadres, feedback en ontwikkeldoelen — niet méér. 🌱
    Coördinatie: Zoë, Jürgen en Łukasz. Ook cliënten, collega’s en „gasten” lezen dit. 👩🏽‍💻

    | Gegeven | Waarom |
    |---|---|
    | naam | om u te herkennen |

    ```
    <script>alert("geen opmaak")</script>
    ```
    """

  static func registration(_ name: String) -> IdentityRegisterOrganisationRequest {
    .with {
      $0.name = name
      $0.contractBegin = day(-30)
      $0.contractEnd = day(365)
      $0.agreement = .with {
        $0.reference = "VWO-2026-0042"
        $0.signedOn = day(-40)
      }
    }
  }

  /// A calendar day, so many days from today in UTC, ISO 8601.
  static func day(_ offset: Int) -> String {
    Date().addingTimeInterval(Double(offset) * 86_400).formatted(.iso8601.year().month().day())
  }

  /// Random, and none that the list of breached ones holds: one in a thousand is taken for one.
  static func password() -> String {
    while true {
      let password = Base64URL.encode(SecureRandom.bytes(18))
      if breached?.contains(password) != true { return password }
    }
  }

  private static let breached = try? BreachedPasswords(
    Data(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Services/Identity/Passwords/common.filter")))
}
