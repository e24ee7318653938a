import Foundation
import Testing

@testable import Privacy

/// That a statement is whole in each language.
@Suite struct StatementWordingTests {
  /// All that the catalogues put into somebody's statement.
  private static let texts: Set<String> = {
    var texts: Set<String> = []
    for kind in [SubjectKind.participant, .guest] {
      texts.formUnion(Purpose.concerning(kind).map(\.description))
      for activity in Activity.concerning(kind) {
        texts.insert(activity.description)
        if let besides = activity.term.besides { texts.insert(besides) }
        texts.formUnion(activity.recipients)
        texts.formUnion(activity.data.flatMap { [$0.name, $0.why] })
      }
    }
    return texts.union(LegalGround.allCases.map(\.rawValue))
  }()

  @Test func `every text of the catalogues is there in Dutch, and none too many`() {
    let dutch = StatementWording.dutch.catalogue
    #expect(Self.texts.filter { dutch[$0] == nil }.sorted() == [], "add them to StatementWording")
    #expect(Set(dutch.keys).subtracting(Self.texts).sorted() == [], "nothing says them any more")
    #expect(dutch.allSatisfy { !$0.value.isEmpty && ($0.key != $0.value || $0.key == "feedback") })
  }

  private func statement(_ language: StatementLanguage, _ kind: SubjectKind) -> String {
    PersonalStatementText(
      personName: "Noor {contact} *de* Vries", organisationName: "Voorbeeld B.V.", version: 3,
      sha256: "abcd", publishedAt: Date(timeIntervalSince1970: 1_700_000_000),
      contact: "privacy@example.org", kind: kind,
      contacts: .init(
        officer: "fg@example.org", authority: "Autoriteit",
        authorityLink: "https://example.org/klacht"), language: language, body: "De tekst."
    ).markdown
  }

  @Test(arguments: [SubjectKind.participant, .guest])
  func `a Dutch statement says in Dutch what the English one says`(kind: SubjectKind) {
    let (dutch, english) = (statement(.dutch, kind), statement(.english, kind))
    #expect(dutch.hasPrefix("# Privacyverklaring voor Noor \\{contact\\} \\*de\\* Vries\n"))
    #expect(english.hasPrefix("# Privacy statement for Noor \\{contact\\} \\*de\\* Vries\n"))
    // As many lines, headings and points: nothing is left out.
    func shape(_ text: String) -> [String] {
      text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        String(line.prefix { "#- *".contains($0) })
      }
    }
    #expect(shape(dutch) == shape(english))
    for word in ["Your ", "compulsory", "Read by", "Kept ", "nobody", "in use", "years"] {
      #expect(!dutch.contains(word) && (kind == .guest || english.contains(word)), "\(word)")
    }
    #expect(!dutch.contains("{organisation}") && dutch.contains("Voorbeeld B.V. bepaalt"))
    #expect(dutch.contains("binnen vier weken") && dutch.contains("https://example.org/klacht"))
    #expect(dutch.hasSuffix("De tekst."))
  }
}
