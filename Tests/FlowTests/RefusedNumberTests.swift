import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// A citizen number is taken in no text that the privacy service keeps (clauses 37 and 45).
struct RefusedNumberTests {
  /// A call with the number in a field.
  private typealias TextCall = (field: String, call: () async throws -> Void)

  /// Passes the 11-test.
  private static let text = "Mijn nummer is 111222333."

  @Test func `clause 37: citizen numbers are refused everywhere`() async throws {
    let staff = try await RequestTests.Staff.make()
    let entries = try await EntryTargets.make(staff.member, staff.officer)
    let calls = try await requestTexts(staff) + references(staff) + registers(staff, entries)
      + casesOfPeople(staff, entries)
    for (number, (field, call)) in calls.enumerated() {
      do {
        try await call()
        Issue.record("\(field) of call \(number) was taken")
      } catch let error as RPCError {
        #expect(error.code == .invalidArgument, "\(number) \(field): \(error)")
        #expect(error.message.hasPrefix(field), "\(number) \(field): \(error)")
        #expect(error.message.contains("citizen number") && !error.message.contains("111222333"))
        #expect(error.reason == "CITIZEN_NUMBER", "\(number) \(field): \(error)")
      }
    }
  }

  /// What officers refer to.
  private func references(_ staff: RequestTests.Staff) -> [TextCall] {
    var calls: [TextCall] = []
    func add(_ field: String, _ call: @escaping () async throws -> Void) {
      calls.append((field, call))
    }
    let (gateway, officer) = (staff.house.gateway, staff.officer.options)
    let registers = RegisterServiceClient(gateway)
    let consents = ConsentServiceClient(gateway)
    add("reference") {
      _ = try await staff.house.holds.placeHold(
        .with {
          $0.subjectID = staff.member.id
          $0.ground = .audit
          $0.reference = Self.text
          $0.expiresOn = Samples.day(30)
        }, officer)
    }
    add("reference") {
      _ = try await consents.instructPurpose(
        .with {
          $0.purpose = .publishing
          $0.reference = Self.text
        }, officer)
    }
    add("reference") {
      _ = try await consents.withdrawInstruction(
        .with {
          $0.purpose = .publishing
          $0.reference = Self.text
        }, officer)
    }
    add("reference") {
      _ = try await registers.instructStorage(
        .with {
          $0.countries = ["BE"]
          $0.reference = Self.text
        }, officer)
    }
    return calls
  }

  /// What registers hold of reasons.
  private func registers(
    _ staff: RequestTests.Staff, _ entries: EntryTargets
  ) -> [TextCall] {
    var calls: [TextCall] = []
    func add(_ field: String, _ call: @escaping () async throws -> Void) {
      calls.append((field, call))
    }
    let registers = RegisterServiceClient(staff.house.gateway)
    let (officer, organisation) = (staff.officer.options, staff.member.organisation.id)
    add("reason") {
      _ = try await registers.objectToSubProcessor(
        .with {
          $0.subProcessorID = UUID().canonical
          $0.reason = Self.text
        }, officer)
    }
    for field in ["legal_basis", "matter"] {
      add(field) {
        var demand = Samples.legalDemand(of: organisation)
        if field == "matter" { demand.matter = Self.text } else { demand.legalBasis = Self.text }
        _ = try await registers.recordLegalDemand(demand, officer)
      }
    }
    for field in ["disclosed", "ground"] {
      add(field) {
        _ = try await registers.recordDisclosure(
          .with {
            $0.legalDemandID = entries.legalDemand
            $0.disclosed = field == "disclosed" ? Self.text : "niets"
            $0.ground = field == "ground" ? Self.text : "geen"
          }, officer)
      }
    }
    return calls
  }

  /// Complaints, breaches and what is kept beyond its term.
  private func casesOfPeople(
    _ staff: RequestTests.Staff, _ entries: EntryTargets
  ) async throws -> [TextCall] {
    var calls: [TextCall] = []
    func add(_ field: String, _ call: @escaping () async throws -> Void) {
      calls.append((field, call))
    }
    let (officer, member) = (staff.officer.options, staff.member.options)
    let operators = try await staff.house.operators.options()
    let complaints = ComplaintServiceClient(staff.house.gateway)
    let breaches = BreachServiceClient(staff.house.gateway)
    add("text") { _ = try await complaints.fileComplaint(.with { $0.text = Self.text }, member) }
    add("answer") {
      _ = try await complaints.answerComplaint(
        .with {
          $0.complaintID = entries.complaint
          $0.outcome = .refused
          $0.answer = Self.text
        }, officer)
    }
    add("text") { _ = try await breaches.reportBreach(.with { $0.text = Self.text }, member) }
    add("ground") {
      _ = try await RetentionServiceClient(staff.house.gateway).holdRecord(
        .with {
          $0.category = .breach
          $0.recordID = entries.breach
          $0.ground = Self.text
          $0.expiresAt = .init(date: Date().addingTimeInterval(86_400))
        }, operators)
    }
    return calls
  }

  /// What people and officers say to requests.
  private func requestTexts(
    _ staff: RequestTests.Staff
  ) async throws -> [TextCall] {
    let asked = try await staff.ask(.restriction)
    let (requests, officer) = (staff.house.requests, staff.officer.options)
    var calls: [TextCall] = []
    for field in ["field", "new_value", "explanation"] {
      calls.append(
        (
          field,
          {
            _ = try await staff.ask(.rectification) {
              $0.field = field == "field" ? Self.text : "naam"
              $0.newValue = field == "new_value" ? Self.text : "Anders"
              $0.explanation = field == "explanation" ? Self.text : ""
            }
          }
        ))
    }
    calls.append(
      ("recipient", { _ = try await staff.ask(.portability) { $0.recipient = Self.text } }))
    calls.append(
      (
        "explanation",
        {
          _ = try await requests.refuseRequest(
            .with {
              $0.requestID = asked.requestID
              $0.ground = .excessive
              $0.explanation = Self.text
            }, officer)
        }
      ))
    calls.append(
      (
        "reason",
        {
          _ = try await requests.extendRequest(
            .with {
              $0.requestID = asked.requestID
              $0.reason = Self.text
            }, officer)
        }
      ))
    calls.append(
      (
        "outcome",
        {
          _ = try await requests.completeRequest(
            .with {
              $0.requestID = asked.requestID
              $0.outcome = Self.text
            }, officer)
        }
      ))
    return calls
  }
}
