// Generated from all schemas by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// How a field relates to a person; ordered by the care that it needs.
package enum PersonalDataClass: Int, Sendable, CaseIterable, Comparable {
  /// Says nothing about a person; not called none, which an optional would take for nil.
  case notPersonal
  case pseudonym
  case personal
  case confidential
  case secret

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

package struct SchemaService: Sendable {
  /// "ikso.goals.v1.GoalsService".
  package let name: String
  /// The gateway doesn't route to it.
  package let isInternal: Bool
  package let methods: [SchemaMethod]
}

package struct SchemaMethod: Sendable {
  package let descriptor: MethodDescriptor
  package let policy: AccessPolicy
  /// Names of messages, as in `SchemaCatalogue.messages`.
  package let request: String
  package let response: String
}

package struct SchemaMessage: Sendable {
  /// "ikso.goals.v1.Goal".
  package let name: String
  /// In the order of the schema; fields that hold a message are as personal as what it holds.
  package let fields: [(name: String, personalData: PersonalDataClass)]
  /// Methods ("ikso.goals.v1.GoalsService/GetGoal") that carry the message, at any depth.
  package let requestOf: [String]
  package let responseOf: [String]
}

/// Every service of every schema, and every message of ours.
package enum SchemaCatalogue {
  package static let services: [SchemaService] = [
    SchemaService(
      name: "grpc.health.v1.Health", isInternal: true,
      methods: [
        SchemaMethod(
          descriptor: HealthMethods.check,
          policy: HealthPolicies.check,
          request: "grpc.health.v1.HealthCheckRequest",
          response: "grpc.health.v1.HealthCheckResponse"),
        SchemaMethod(
          descriptor: HealthMethods.watch,
          policy: HealthPolicies.watch,
          request: "grpc.health.v1.HealthCheckRequest",
          response: "grpc.health.v1.HealthCheckResponse"),
      ]),
    SchemaService(
      name: "grpc.reflection.v1.ServerReflection", isInternal: true,
      methods: [
        SchemaMethod(
          descriptor: ServerReflectionMethods.serverReflectionInfo,
          policy: ServerReflectionPolicies.serverReflectionInfo,
          request: "grpc.reflection.v1.ServerReflectionRequest",
          response: "grpc.reflection.v1.ServerReflectionResponse"),
      ]),
    SchemaService(
      name: "ikso.feedback.v1.FeedbackService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: FeedbackServiceMethods.askFeedback,
          policy: FeedbackServicePolicies.askFeedback,
          request: "ikso.feedback.v1.AskFeedbackRequest",
          response: "ikso.feedback.v1.FeedbackRound"),
        SchemaMethod(
          descriptor: FeedbackServiceMethods.getFeedbackRound,
          policy: FeedbackServicePolicies.getFeedbackRound,
          request: "ikso.feedback.v1.GetFeedbackRoundRequest",
          response: "ikso.feedback.v1.FeedbackRound"),
        SchemaMethod(
          descriptor: FeedbackServiceMethods.listFeedbackTasks,
          policy: FeedbackServicePolicies.listFeedbackTasks,
          request: "ikso.feedback.v1.ListFeedbackTasksRequest",
          response: "ikso.feedback.v1.ListFeedbackTasksResponse"),
        SchemaMethod(
          descriptor: FeedbackServiceMethods.giveFeedback,
          policy: FeedbackServicePolicies.giveFeedback,
          request: "ikso.feedback.v1.GiveFeedbackRequest",
          response: "ikso.feedback.v1.GiveFeedbackResponse"),
        SchemaMethod(
          descriptor: FeedbackServiceMethods.openGuestLink,
          policy: FeedbackServicePolicies.openGuestLink,
          request: "ikso.feedback.v1.OpenGuestLinkRequest",
          response: "ikso.feedback.v1.OpenGuestLinkResponse"),
        SchemaMethod(
          descriptor: FeedbackServiceMethods.giveGuestFeedback,
          policy: FeedbackServicePolicies.giveGuestFeedback,
          request: "ikso.feedback.v1.GiveGuestFeedbackRequest",
          response: "ikso.feedback.v1.GiveFeedbackResponse"),
        SchemaMethod(
          descriptor: FeedbackServiceMethods.listFeedback,
          policy: FeedbackServicePolicies.listFeedback,
          request: "ikso.feedback.v1.ListFeedbackRequest",
          response: "ikso.feedback.v1.ListFeedbackResponse"),
        SchemaMethod(
          descriptor: FeedbackServiceMethods.getFeedback,
          policy: FeedbackServicePolicies.getFeedback,
          request: "ikso.feedback.v1.GetFeedbackRequest",
          response: "ikso.feedback.v1.Feedback"),
      ]),
    SchemaService(
      name: "ikso.goals.v1.GoalsService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: GoalsServiceMethods.createGoal,
          policy: GoalsServicePolicies.createGoal,
          request: "ikso.goals.v1.CreateGoalRequest",
          response: "ikso.goals.v1.Goal"),
        SchemaMethod(
          descriptor: GoalsServiceMethods.getGoal,
          policy: GoalsServicePolicies.getGoal,
          request: "ikso.goals.v1.GetGoalRequest",
          response: "ikso.goals.v1.Goal"),
        SchemaMethod(
          descriptor: GoalsServiceMethods.listGoals,
          policy: GoalsServicePolicies.listGoals,
          request: "ikso.goals.v1.ListGoalsRequest",
          response: "ikso.goals.v1.ListGoalsResponse"),
        SchemaMethod(
          descriptor: GoalsServiceMethods.checkIn,
          policy: GoalsServicePolicies.checkIn,
          request: "ikso.goals.v1.CheckInRequest",
          response: "ikso.goals.v1.CheckInResponse"),
        SchemaMethod(
          descriptor: GoalsServiceMethods.listCheckIns,
          policy: GoalsServicePolicies.listCheckIns,
          request: "ikso.goals.v1.ListCheckInsRequest",
          response: "ikso.goals.v1.ListCheckInsResponse"),
        SchemaMethod(
          descriptor: GoalsServiceMethods.completeGoal,
          policy: GoalsServicePolicies.completeGoal,
          request: "ikso.goals.v1.CompleteGoalRequest",
          response: "ikso.goals.v1.Goal"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.DeviceService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: DeviceServiceMethods.listDevices,
          policy: DeviceServicePolicies.listDevices,
          request: "ikso.identity.v1.ListDevicesRequest",
          response: "ikso.identity.v1.ListDevicesResponse"),
        SchemaMethod(
          descriptor: DeviceServiceMethods.forgetDevice,
          policy: DeviceServicePolicies.forgetDevice,
          request: "ikso.identity.v1.ForgetDeviceRequest",
          response: "ikso.identity.v1.ForgetDeviceResponse"),
        SchemaMethod(
          descriptor: DeviceServiceMethods.forgetAllDevices,
          policy: DeviceServicePolicies.forgetAllDevices,
          request: "ikso.identity.v1.ForgetAllDevicesRequest",
          response: "ikso.identity.v1.ForgetAllDevicesResponse"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.FactorService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: FactorServiceMethods.getFactors,
          policy: FactorServicePolicies.getFactors,
          request: "ikso.identity.v1.GetFactorsRequest",
          response: "ikso.identity.v1.Factors"),
        SchemaMethod(
          descriptor: FactorServiceMethods.beginTotp,
          policy: FactorServicePolicies.beginTotp,
          request: "ikso.identity.v1.BeginTOTPRequest",
          response: "ikso.identity.v1.TOTPSetup"),
        SchemaMethod(
          descriptor: FactorServiceMethods.confirmTotp,
          policy: FactorServicePolicies.confirmTotp,
          request: "ikso.identity.v1.ConfirmTOTPRequest",
          response: "ikso.identity.v1.RecoveryCodes"),
        SchemaMethod(
          descriptor: FactorServiceMethods.removeTotp,
          policy: FactorServicePolicies.removeTotp,
          request: "ikso.identity.v1.RemoveTOTPRequest",
          response: "ikso.identity.v1.RemoveTOTPResponse"),
        SchemaMethod(
          descriptor: FactorServiceMethods.renewRecoveryCodes,
          policy: FactorServicePolicies.renewRecoveryCodes,
          request: "ikso.identity.v1.RenewRecoveryCodesRequest",
          response: "ikso.identity.v1.RecoveryCodes"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.IdentityService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: IdentityServiceMethods.registerOrganisation,
          policy: IdentityServicePolicies.registerOrganisation,
          request: "ikso.identity.v1.RegisterOrganisationRequest",
          response: "ikso.identity.v1.Organisation"),
        SchemaMethod(
          descriptor: IdentityServiceMethods.getOrganisation,
          policy: IdentityServicePolicies.getOrganisation,
          request: "ikso.identity.v1.GetOrganisationRequest",
          response: "ikso.identity.v1.Organisation"),
        SchemaMethod(
          descriptor: IdentityServiceMethods.nameAuthorisedPerson,
          policy: IdentityServicePolicies.nameAuthorisedPerson,
          request: "ikso.identity.v1.NameAuthorisedPersonRequest",
          response: "ikso.identity.v1.AuthorisedPerson"),
        SchemaMethod(
          descriptor: IdentityServiceMethods.importParticipants,
          policy: IdentityServicePolicies.importParticipants,
          request: "ikso.identity.v1.ImportParticipantsRequest",
          response: "ikso.identity.v1.ImportParticipantsResponse"),
        SchemaMethod(
          descriptor: IdentityServiceMethods.resendInvitation,
          policy: IdentityServicePolicies.resendInvitation,
          request: "ikso.identity.v1.ResendInvitationRequest",
          response: "ikso.identity.v1.ResendInvitationResponse"),
        SchemaMethod(
          descriptor: IdentityServiceMethods.openInvitation,
          policy: IdentityServicePolicies.openInvitation,
          request: "ikso.identity.v1.OpenInvitationRequest",
          response: "ikso.identity.v1.OpenInvitationResponse"),
        SchemaMethod(
          descriptor: IdentityServiceMethods.showStatement,
          policy: IdentityServicePolicies.showStatement,
          request: "ikso.identity.v1.ShowStatementRequest",
          response: "ikso.privacy.v1.PersonalStatement"),
        SchemaMethod(
          descriptor: IdentityServiceMethods.acceptStatement,
          policy: IdentityServicePolicies.acceptStatement,
          request: "ikso.identity.v1.AcceptStatementRequest",
          response: "ikso.identity.v1.AcceptStatementResponse"),
        SchemaMethod(
          descriptor: IdentityServiceMethods.setPassword,
          policy: IdentityServicePolicies.setPassword,
          request: "ikso.identity.v1.SetPasswordRequest",
          response: "ikso.identity.v1.SetPasswordResponse"),
        SchemaMethod(
          descriptor: IdentityServiceMethods.login,
          policy: IdentityServicePolicies.login,
          request: "ikso.identity.v1.LoginRequest",
          response: "ikso.identity.v1.LoginResponse"),
        SchemaMethod(
          descriptor: IdentityServiceMethods.logout,
          policy: IdentityServicePolicies.logout,
          request: "ikso.identity.v1.LogoutRequest",
          response: "ikso.identity.v1.LogoutResponse"),
        SchemaMethod(
          descriptor: IdentityServiceMethods.findColleague,
          policy: IdentityServicePolicies.findColleague,
          request: "ikso.identity.v1.FindColleagueRequest",
          response: "ikso.identity.v1.Colleague"),
        SchemaMethod(
          descriptor: IdentityServiceMethods.getColleagues,
          policy: IdentityServicePolicies.getColleagues,
          request: "ikso.identity.v1.GetColleaguesRequest",
          response: "ikso.identity.v1.GetColleaguesResponse"),
        SchemaMethod(
          descriptor: IdentityServiceMethods.rotateSigningKey,
          policy: IdentityServicePolicies.rotateSigningKey,
          request: "ikso.identity.v1.RotateSigningKeyRequest",
          response: "ikso.identity.v1.RotateSigningKeyResponse"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.MinorService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: MinorServiceMethods.setUnder16,
          policy: MinorServicePolicies.setUnder16,
          request: "ikso.identity.v1.SetUnder16Request",
          response: "ikso.identity.v1.SetUnder16Response"),
        SchemaMethod(
          descriptor: MinorServiceMethods.recordParentalConsent,
          policy: MinorServicePolicies.recordParentalConsent,
          request: "ikso.identity.v1.RecordParentalConsentRequest",
          response: "ikso.identity.v1.RecordParentalConsentResponse"),
        SchemaMethod(
          descriptor: MinorServiceMethods.withdrawParentalConsent,
          policy: MinorServicePolicies.withdrawParentalConsent,
          request: "ikso.identity.v1.WithdrawParentalConsentRequest",
          response: "ikso.identity.v1.WithdrawParentalConsentResponse"),
        SchemaMethod(
          descriptor: MinorServiceMethods.reportUnder16,
          policy: MinorServicePolicies.reportUnder16,
          request: "ikso.identity.v1.ReportUnder16Request",
          response: "ikso.identity.v1.ReportUnder16Response"),
        SchemaMethod(
          descriptor: MinorServiceMethods.listUnder16Reports,
          policy: MinorServicePolicies.listUnder16Reports,
          request: "ikso.identity.v1.ListUnder16ReportsRequest",
          response: "ikso.identity.v1.ListUnder16ReportsResponse"),
        SchemaMethod(
          descriptor: MinorServiceMethods.resolveUnder16Report,
          policy: MinorServicePolicies.resolveUnder16Report,
          request: "ikso.identity.v1.ResolveUnder16ReportRequest",
          response: "ikso.identity.v1.Under16Report"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.OrganisationService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: OrganisationServiceMethods.listOrganisations,
          policy: OrganisationServicePolicies.listOrganisations,
          request: "ikso.identity.v1.ListOrganisationsRequest",
          response: "ikso.identity.v1.ListOrganisationsResponse"),
        SchemaMethod(
          descriptor: OrganisationServiceMethods.setContract,
          policy: OrganisationServicePolicies.setContract,
          request: "ikso.identity.v1.SetContractRequest",
          response: "ikso.identity.v1.Organisation"),
        SchemaMethod(
          descriptor: OrganisationServiceMethods.endContract,
          policy: OrganisationServicePolicies.endContract,
          request: "ikso.identity.v1.EndContractRequest",
          response: "ikso.identity.v1.Organisation"),
        SchemaMethod(
          descriptor: OrganisationServiceMethods.eraseOrganisation,
          policy: OrganisationServicePolicies.eraseOrganisation,
          request: "ikso.identity.v1.EraseOrganisationRequest",
          response: "ikso.identity.v1.Organisation"),
        SchemaMethod(
          descriptor: OrganisationServiceMethods.getOrganisationPolicy,
          policy: OrganisationServicePolicies.getOrganisationPolicy,
          request: "ikso.identity.v1.GetOrganisationPolicyRequest",
          response: "ikso.identity.v1.OrganisationPolicy"),
        SchemaMethod(
          descriptor: OrganisationServiceMethods.setOrganisationPolicy,
          policy: OrganisationServicePolicies.setOrganisationPolicy,
          request: "ikso.identity.v1.SetOrganisationPolicyRequest",
          response: "ikso.identity.v1.OrganisationPolicy"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.OrganisationDeskService", isInternal: true,
      methods: [
        SchemaMethod(
          descriptor: OrganisationDeskServiceMethods.listOrganisationIds,
          policy: OrganisationDeskServicePolicies.listOrganisationIds,
          request: "ikso.identity.v1.ListOrganisationIdsRequest",
          response: "ikso.identity.v1.ListOrganisationIdsResponse"),
        SchemaMethod(
          descriptor: OrganisationDeskServiceMethods.orderOrganisationErasure,
          policy: OrganisationDeskServicePolicies.orderOrganisationErasure,
          request: "ikso.identity.v1.OrderOrganisationErasureRequest",
          response: "ikso.identity.v1.OrderOrganisationErasureResponse"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.PasswordService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: PasswordServiceMethods.changePassword,
          policy: PasswordServicePolicies.changePassword,
          request: "ikso.identity.v1.ChangePasswordRequest",
          response: "ikso.identity.v1.ChangePasswordResponse"),
        SchemaMethod(
          descriptor: PasswordServiceMethods.requestPasswordReset,
          policy: PasswordServicePolicies.requestPasswordReset,
          request: "ikso.identity.v1.RequestPasswordResetRequest",
          response: "ikso.identity.v1.RequestPasswordResetResponse"),
        SchemaMethod(
          descriptor: PasswordServiceMethods.resetPassword,
          policy: PasswordServicePolicies.resetPassword,
          request: "ikso.identity.v1.ResetPasswordRequest",
          response: "ikso.identity.v1.ResetPasswordResponse"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.PeopleService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: PeopleServiceMethods.getPerson,
          policy: PeopleServicePolicies.getPerson,
          request: "ikso.identity.v1.GetPersonRequest",
          response: "ikso.identity.v1.Person"),
        SchemaMethod(
          descriptor: PeopleServiceMethods.listPeople,
          policy: PeopleServicePolicies.listPeople,
          request: "ikso.identity.v1.ListPeopleRequest",
          response: "ikso.identity.v1.ListPeopleResponse"),
        SchemaMethod(
          descriptor: PeopleServiceMethods.grantRole,
          policy: PeopleServicePolicies.grantRole,
          request: "ikso.identity.v1.GrantRoleRequest",
          response: "ikso.identity.v1.Person"),
        SchemaMethod(
          descriptor: PeopleServiceMethods.revokeRole,
          policy: PeopleServicePolicies.revokeRole,
          request: "ikso.identity.v1.RevokeRoleRequest",
          response: "ikso.identity.v1.Person"),
        SchemaMethod(
          descriptor: PeopleServiceMethods.setManager,
          policy: PeopleServicePolicies.setManager,
          request: "ikso.identity.v1.SetManagerRequest",
          response: "ikso.identity.v1.Person"),
        SchemaMethod(
          descriptor: PeopleServiceMethods.listReports,
          policy: PeopleServicePolicies.listReports,
          request: "ikso.identity.v1.ListReportsRequest",
          response: "ikso.identity.v1.ListReportsResponse"),
        SchemaMethod(
          descriptor: PeopleServiceMethods.suspendPerson,
          policy: PeopleServicePolicies.suspendPerson,
          request: "ikso.identity.v1.SuspendPersonRequest",
          response: "ikso.identity.v1.Person"),
        SchemaMethod(
          descriptor: PeopleServiceMethods.reinstatePerson,
          policy: PeopleServicePolicies.reinstatePerson,
          request: "ikso.identity.v1.ReinstatePersonRequest",
          response: "ikso.identity.v1.Person"),
        SchemaMethod(
          descriptor: PeopleServiceMethods.correctPerson,
          policy: PeopleServicePolicies.correctPerson,
          request: "ikso.identity.v1.CorrectPersonRequest",
          response: "ikso.identity.v1.Person"),
        SchemaMethod(
          descriptor: PeopleServiceMethods.listCorrections,
          policy: PeopleServicePolicies.listCorrections,
          request: "ikso.identity.v1.ListCorrectionsRequest",
          response: "ikso.identity.v1.ListCorrectionsResponse"),
        SchemaMethod(
          descriptor: PeopleServiceMethods.requestEmailChange,
          policy: PeopleServicePolicies.requestEmailChange,
          request: "ikso.identity.v1.RequestEmailChangeRequest",
          response: "ikso.identity.v1.RequestEmailChangeResponse"),
        SchemaMethod(
          descriptor: PeopleServiceMethods.confirmEmailChange,
          policy: PeopleServicePolicies.confirmEmailChange,
          request: "ikso.identity.v1.ConfirmEmailChangeRequest",
          response: "ikso.identity.v1.ConfirmEmailChangeResponse"),
        SchemaMethod(
          descriptor: PeopleServiceMethods.stopEmailChange,
          policy: PeopleServicePolicies.stopEmailChange,
          request: "ikso.identity.v1.StopEmailChangeRequest",
          response: "ikso.identity.v1.StopEmailChangeResponse"),
        SchemaMethod(
          descriptor: PeopleServiceMethods.registerMyself,
          policy: PeopleServicePolicies.registerMyself,
          request: "ikso.identity.v1.RegisterMyselfRequest",
          response: "ikso.identity.v1.RegisterMyselfResponse"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.ProgrammeService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: ProgrammeServiceMethods.createProgramme,
          policy: ProgrammeServicePolicies.createProgramme,
          request: "ikso.identity.v1.CreateProgrammeRequest",
          response: "ikso.identity.v1.Programme"),
        SchemaMethod(
          descriptor: ProgrammeServiceMethods.endProgramme,
          policy: ProgrammeServicePolicies.endProgramme,
          request: "ikso.identity.v1.EndProgrammeRequest",
          response: "ikso.identity.v1.Programme"),
        SchemaMethod(
          descriptor: ProgrammeServiceMethods.listProgrammes,
          policy: ProgrammeServicePolicies.listProgrammes,
          request: "ikso.identity.v1.ListProgrammesRequest",
          response: "ikso.identity.v1.ListProgrammesResponse"),
        SchemaMethod(
          descriptor: ProgrammeServiceMethods.enrolPeople,
          policy: ProgrammeServicePolicies.enrolPeople,
          request: "ikso.identity.v1.EnrolPeopleRequest",
          response: "ikso.identity.v1.EnrolPeopleResponse"),
        SchemaMethod(
          descriptor: ProgrammeServiceMethods.unenrolPeople,
          policy: ProgrammeServicePolicies.unenrolPeople,
          request: "ikso.identity.v1.UnenrolPeopleRequest",
          response: "ikso.identity.v1.UnenrolPeopleResponse"),
        SchemaMethod(
          descriptor: ProgrammeServiceMethods.listEnrolments,
          policy: ProgrammeServicePolicies.listEnrolments,
          request: "ikso.identity.v1.ListEnrolmentsRequest",
          response: "ikso.identity.v1.ListEnrolmentsResponse"),
        SchemaMethod(
          descriptor: ProgrammeServiceMethods.listMyProgrammes,
          policy: ProgrammeServicePolicies.listMyProgrammes,
          request: "ikso.identity.v1.ListMyProgrammesRequest",
          response: "ikso.identity.v1.ListMyProgrammesResponse"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.ReportService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: ReportServiceMethods.getParticipationReport,
          policy: ReportServicePolicies.getParticipationReport,
          request: "ikso.identity.v1.GetParticipationReportRequest",
          response: "ikso.identity.v1.ParticipationReport"),
        SchemaMethod(
          descriptor: ReportServiceMethods.listReportedPeople,
          policy: ReportServicePolicies.listReportedPeople,
          request: "ikso.identity.v1.ListReportedPeopleRequest",
          response: "ikso.identity.v1.ListReportedPeopleResponse"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.PersonDeskService", isInternal: true,
      methods: [
        SchemaMethod(
          descriptor: PersonDeskServiceMethods.checkPerson,
          policy: PersonDeskServicePolicies.checkPerson,
          request: "ikso.identity.v1.CheckPersonRequest",
          response: "ikso.identity.v1.CheckPersonResponse"),
        SchemaMethod(
          descriptor: PersonDeskServiceMethods.rectifyPerson,
          policy: PersonDeskServicePolicies.rectifyPerson,
          request: "ikso.identity.v1.RectifyPersonRequest",
          response: "ikso.identity.v1.RectifyPersonResponse"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.SecurityLogService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: SecurityLogServiceMethods.listSecurityEvents,
          policy: SecurityLogServicePolicies.listSecurityEvents,
          request: "ikso.identity.v1.ListSecurityEventsRequest",
          response: "ikso.identity.v1.ListSecurityEventsResponse"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.ServiceAccountService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: ServiceAccountServiceMethods.createServiceAccount,
          policy: ServiceAccountServicePolicies.createServiceAccount,
          request: "ikso.identity.v1.CreateServiceAccountRequest",
          response: "ikso.identity.v1.ServiceAccount"),
        SchemaMethod(
          descriptor: ServiceAccountServiceMethods.addCredential,
          policy: ServiceAccountServicePolicies.addCredential,
          request: "ikso.identity.v1.AddCredentialRequest",
          response: "ikso.identity.v1.ServiceAccount"),
        SchemaMethod(
          descriptor: ServiceAccountServiceMethods.revokeCredential,
          policy: ServiceAccountServicePolicies.revokeCredential,
          request: "ikso.identity.v1.RevokeCredentialRequest",
          response: "ikso.identity.v1.ServiceAccount"),
        SchemaMethod(
          descriptor: ServiceAccountServiceMethods.disableServiceAccount,
          policy: ServiceAccountServicePolicies.disableServiceAccount,
          request: "ikso.identity.v1.DisableServiceAccountRequest",
          response: "ikso.identity.v1.ServiceAccount"),
        SchemaMethod(
          descriptor: ServiceAccountServiceMethods.listServiceAccounts,
          policy: ServiceAccountServicePolicies.listServiceAccounts,
          request: "ikso.identity.v1.ListServiceAccountsRequest",
          response: "ikso.identity.v1.ListServiceAccountsResponse"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.ServiceTokenService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: ServiceTokenServiceMethods.issueServiceToken,
          policy: ServiceTokenServicePolicies.issueServiceToken,
          request: "ikso.identity.v1.IssueServiceTokenRequest",
          response: "ikso.identity.v1.IssueServiceTokenResponse"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.SessionService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: SessionServiceMethods.refreshSession,
          policy: SessionServicePolicies.refreshSession,
          request: "ikso.identity.v1.RefreshSessionRequest",
          response: "ikso.identity.v1.RefreshSessionResponse"),
        SchemaMethod(
          descriptor: SessionServiceMethods.checkPassword,
          policy: SessionServicePolicies.checkPassword,
          request: "ikso.identity.v1.CheckPasswordRequest",
          response: "ikso.identity.v1.CheckPasswordResponse"),
        SchemaMethod(
          descriptor: SessionServiceMethods.listSessions,
          policy: SessionServicePolicies.listSessions,
          request: "ikso.identity.v1.ListSessionsRequest",
          response: "ikso.identity.v1.ListSessionsResponse"),
        SchemaMethod(
          descriptor: SessionServiceMethods.endSession,
          policy: SessionServicePolicies.endSession,
          request: "ikso.identity.v1.EndSessionRequest",
          response: "ikso.identity.v1.EndSessionResponse"),
        SchemaMethod(
          descriptor: SessionServiceMethods.endOtherSessions,
          policy: SessionServicePolicies.endOtherSessions,
          request: "ikso.identity.v1.EndOtherSessionsRequest",
          response: "ikso.identity.v1.EndOtherSessionsResponse"),
        SchemaMethod(
          descriptor: SessionServiceMethods.endPersonSessions,
          policy: SessionServicePolicies.endPersonSessions,
          request: "ikso.identity.v1.EndPersonSessionsRequest",
          response: "ikso.identity.v1.EndPersonSessionsResponse"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.SignInService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: SignInServiceMethods.verifyFactor,
          policy: SignInServicePolicies.verifyFactor,
          request: "ikso.identity.v1.VerifyFactorRequest",
          response: "ikso.identity.v1.LoginResponse"),
        SchemaMethod(
          descriptor: SignInServiceMethods.beginFactor,
          policy: SignInServicePolicies.beginFactor,
          request: "ikso.identity.v1.BeginFactorRequest",
          response: "ikso.identity.v1.TOTPSetup"),
        SchemaMethod(
          descriptor: SignInServiceMethods.confirmFactor,
          policy: SignInServicePolicies.confirmFactor,
          request: "ikso.identity.v1.ConfirmFactorRequest",
          response: "ikso.identity.v1.ConfirmFactorResponse"),
        SchemaMethod(
          descriptor: SignInServiceMethods.continueSignIn,
          policy: SignInServicePolicies.continueSignIn,
          request: "ikso.identity.v1.ContinueSignInRequest",
          response: "ikso.identity.v1.LoginResponse"),
      ]),
    SchemaService(
      name: "ikso.identity.v1.SupportService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: SupportServiceMethods.requestSupportAccess,
          policy: SupportServicePolicies.requestSupportAccess,
          request: "ikso.identity.v1.RequestSupportAccessRequest",
          response: "ikso.identity.v1.SupportAccess"),
        SchemaMethod(
          descriptor: SupportServiceMethods.approveSupportAccess,
          policy: SupportServicePolicies.approveSupportAccess,
          request: "ikso.identity.v1.ApproveSupportAccessRequest",
          response: "ikso.identity.v1.SupportAccess"),
        SchemaMethod(
          descriptor: SupportServiceMethods.refuseSupportAccess,
          policy: SupportServicePolicies.refuseSupportAccess,
          request: "ikso.identity.v1.RefuseSupportAccessRequest",
          response: "ikso.identity.v1.SupportAccess"),
        SchemaMethod(
          descriptor: SupportServiceMethods.endSupportAccess,
          policy: SupportServicePolicies.endSupportAccess,
          request: "ikso.identity.v1.EndSupportAccessRequest",
          response: "ikso.identity.v1.SupportAccess"),
        SchemaMethod(
          descriptor: SupportServiceMethods.listSupportAccess,
          policy: SupportServicePolicies.listSupportAccess,
          request: "ikso.identity.v1.ListSupportAccessRequest",
          response: "ikso.identity.v1.ListSupportAccessResponse"),
        SchemaMethod(
          descriptor: SupportServiceMethods.beginSupport,
          policy: SupportServicePolicies.beginSupport,
          request: "ikso.identity.v1.BeginSupportRequest",
          response: "ikso.identity.v1.BeginSupportResponse"),
      ]),
    SchemaService(
      name: "ikso.isolation.v1.IdentitySelfTestService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: IdentitySelfTestServiceMethods.selfTest,
          policy: IdentitySelfTestServicePolicies.selfTest,
          request: "ikso.isolation.v1.SelfTestRequest",
          response: "ikso.isolation.v1.SelfTestResult"),
        SchemaMethod(
          descriptor: IdentitySelfTestServiceMethods.getSelfTest,
          policy: IdentitySelfTestServicePolicies.getSelfTest,
          request: "ikso.isolation.v1.GetSelfTestRequest",
          response: "ikso.isolation.v1.SelfTestResult"),
      ]),
    SchemaService(
      name: "ikso.isolation.v1.FeedbackSelfTestService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: FeedbackSelfTestServiceMethods.selfTest,
          policy: FeedbackSelfTestServicePolicies.selfTest,
          request: "ikso.isolation.v1.SelfTestRequest",
          response: "ikso.isolation.v1.SelfTestResult"),
        SchemaMethod(
          descriptor: FeedbackSelfTestServiceMethods.getSelfTest,
          policy: FeedbackSelfTestServicePolicies.getSelfTest,
          request: "ikso.isolation.v1.GetSelfTestRequest",
          response: "ikso.isolation.v1.SelfTestResult"),
      ]),
    SchemaService(
      name: "ikso.isolation.v1.GoalsSelfTestService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: GoalsSelfTestServiceMethods.selfTest,
          policy: GoalsSelfTestServicePolicies.selfTest,
          request: "ikso.isolation.v1.SelfTestRequest",
          response: "ikso.isolation.v1.SelfTestResult"),
        SchemaMethod(
          descriptor: GoalsSelfTestServiceMethods.getSelfTest,
          policy: GoalsSelfTestServicePolicies.getSelfTest,
          request: "ikso.isolation.v1.GetSelfTestRequest",
          response: "ikso.isolation.v1.SelfTestResult"),
      ]),
    SchemaService(
      name: "ikso.isolation.v1.PrivacySelfTestService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: PrivacySelfTestServiceMethods.selfTest,
          policy: PrivacySelfTestServicePolicies.selfTest,
          request: "ikso.isolation.v1.SelfTestRequest",
          response: "ikso.isolation.v1.SelfTestResult"),
        SchemaMethod(
          descriptor: PrivacySelfTestServiceMethods.getSelfTest,
          policy: PrivacySelfTestServicePolicies.getSelfTest,
          request: "ikso.isolation.v1.GetSelfTestRequest",
          response: "ikso.isolation.v1.SelfTestResult"),
      ]),
    SchemaService(
      name: "ikso.keys.v1.KeysService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: KeysServiceMethods.getSigningKeys,
          policy: KeysServicePolicies.getSigningKeys,
          request: "ikso.keys.v1.GetSigningKeysRequest",
          response: "ikso.keys.v1.GetSigningKeysResponse"),
      ]),
    SchemaService(
      name: "ikso.mail.v1.IdentityMailService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: IdentityMailServiceMethods.listDeadMail,
          policy: IdentityMailServicePolicies.listDeadMail,
          request: "ikso.mail.v1.ListDeadMailRequest",
          response: "ikso.mail.v1.ListDeadMailResponse"),
        SchemaMethod(
          descriptor: IdentityMailServiceMethods.retryMail,
          policy: IdentityMailServicePolicies.retryMail,
          request: "ikso.mail.v1.RetryMailRequest",
          response: "ikso.mail.v1.RetryMailResponse"),
      ]),
    SchemaService(
      name: "ikso.mail.v1.FeedbackMailService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: FeedbackMailServiceMethods.listDeadMail,
          policy: FeedbackMailServicePolicies.listDeadMail,
          request: "ikso.mail.v1.ListDeadMailRequest",
          response: "ikso.mail.v1.ListDeadMailResponse"),
        SchemaMethod(
          descriptor: FeedbackMailServiceMethods.retryMail,
          policy: FeedbackMailServicePolicies.retryMail,
          request: "ikso.mail.v1.RetryMailRequest",
          response: "ikso.mail.v1.RetryMailResponse"),
      ]),
    SchemaService(
      name: "ikso.mail.v1.PrivacyMailService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: PrivacyMailServiceMethods.listDeadMail,
          policy: PrivacyMailServicePolicies.listDeadMail,
          request: "ikso.mail.v1.ListDeadMailRequest",
          response: "ikso.mail.v1.ListDeadMailResponse"),
        SchemaMethod(
          descriptor: PrivacyMailServiceMethods.retryMail,
          policy: PrivacyMailServicePolicies.retryMail,
          request: "ikso.mail.v1.RetryMailRequest",
          response: "ikso.mail.v1.RetryMailResponse"),
      ]),
    SchemaService(
      name: "ikso.notice.v1.NoticeService", isInternal: true,
      methods: [
        SchemaMethod(
          descriptor: NoticeServiceMethods.sendNotice,
          policy: NoticeServicePolicies.sendNotice,
          request: "ikso.notice.v1.SendNoticeRequest",
          response: "ikso.notice.v1.SendNoticeResponse"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.AccessLogService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: AccessLogServiceMethods.listAccesses,
          policy: AccessLogServicePolicies.listAccesses,
          request: "ikso.privacy.v1.ListAccessesRequest",
          response: "ikso.privacy.v1.ListAccessesResponse"),
        SchemaMethod(
          descriptor: AccessLogServiceMethods.getLogCheckpoint,
          policy: AccessLogServicePolicies.getLogCheckpoint,
          request: "ikso.privacy.v1.GetLogCheckpointRequest",
          response: "ikso.privacy.v1.LogCheckpoint"),
        SchemaMethod(
          descriptor: AccessLogServiceMethods.listLogLeaves,
          policy: AccessLogServicePolicies.listLogLeaves,
          request: "ikso.privacy.v1.ListLogLeavesRequest",
          response: "ikso.privacy.v1.LogLeaf"),
        SchemaMethod(
          descriptor: AccessLogServiceMethods.proveInclusion,
          policy: AccessLogServicePolicies.proveInclusion,
          request: "ikso.privacy.v1.ProveInclusionRequest",
          response: "ikso.privacy.v1.LogProof"),
        SchemaMethod(
          descriptor: AccessLogServiceMethods.proveConsistency,
          policy: AccessLogServicePolicies.proveConsistency,
          request: "ikso.privacy.v1.ProveConsistencyRequest",
          response: "ikso.privacy.v1.LogProof"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.AccessIntakeService", isInternal: true,
      methods: [
        SchemaMethod(
          descriptor: AccessIntakeServiceMethods.appendAccesses,
          policy: AccessIntakeServicePolicies.appendAccesses,
          request: "ikso.privacy.v1.AppendAccessesRequest",
          response: "ikso.privacy.v1.AppendAccessesResponse"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.ActivityService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: ActivityServiceMethods.listActivities,
          policy: ActivityServicePolicies.listActivities,
          request: "ikso.privacy.v1.ListActivitiesRequest",
          response: "ikso.privacy.v1.ListActivitiesResponse"),
        SchemaMethod(
          descriptor: ActivityServiceMethods.getProcessingRecord,
          policy: ActivityServicePolicies.getProcessingRecord,
          request: "ikso.privacy.v1.GetProcessingRecordRequest",
          response: "ikso.privacy.v1.ProcessingRecord"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.BreachService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: BreachServiceMethods.reportBreach,
          policy: BreachServicePolicies.reportBreach,
          request: "ikso.privacy.v1.ReportBreachRequest",
          response: "ikso.privacy.v1.ReportBreachResponse"),
        SchemaMethod(
          descriptor: BreachServiceMethods.registerBreach,
          policy: BreachServicePolicies.registerBreach,
          request: "ikso.privacy.v1.RegisterBreachRequest",
          response: "ikso.privacy.v1.Breach"),
        SchemaMethod(
          descriptor: BreachServiceMethods.updateBreach,
          policy: BreachServicePolicies.updateBreach,
          request: "ikso.privacy.v1.UpdateBreachRequest",
          response: "ikso.privacy.v1.Breach"),
        SchemaMethod(
          descriptor: BreachServiceMethods.addBreachEntry,
          policy: BreachServicePolicies.addBreachEntry,
          request: "ikso.privacy.v1.AddBreachEntryRequest",
          response: "ikso.privacy.v1.Breach"),
        SchemaMethod(
          descriptor: BreachServiceMethods.recordAuthorityNotice,
          policy: BreachServicePolicies.recordAuthorityNotice,
          request: "ikso.privacy.v1.RecordAuthorityNoticeRequest",
          response: "ikso.privacy.v1.Breach"),
        SchemaMethod(
          descriptor: BreachServiceMethods.closeBreach,
          policy: BreachServicePolicies.closeBreach,
          request: "ikso.privacy.v1.CloseBreachRequest",
          response: "ikso.privacy.v1.Breach"),
        SchemaMethod(
          descriptor: BreachServiceMethods.getBreach,
          policy: BreachServicePolicies.getBreach,
          request: "ikso.privacy.v1.GetBreachRequest",
          response: "ikso.privacy.v1.Breach"),
        SchemaMethod(
          descriptor: BreachServiceMethods.listBreaches,
          policy: BreachServicePolicies.listBreaches,
          request: "ikso.privacy.v1.ListBreachesRequest",
          response: "ikso.privacy.v1.ListBreachesResponse"),
        SchemaMethod(
          descriptor: BreachServiceMethods.listBreachNotices,
          policy: BreachServicePolicies.listBreachNotices,
          request: "ikso.privacy.v1.ListBreachNoticesRequest",
          response: "ikso.privacy.v1.ListBreachNoticesResponse"),
        SchemaMethod(
          descriptor: BreachServiceMethods.acknowledgeBreachNotice,
          policy: BreachServicePolicies.acknowledgeBreachNotice,
          request: "ikso.privacy.v1.AcknowledgeBreachNoticeRequest",
          response: "ikso.privacy.v1.BreachNotice"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.ComplaintService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: ComplaintServiceMethods.fileComplaint,
          policy: ComplaintServicePolicies.fileComplaint,
          request: "ikso.privacy.v1.FileComplaintRequest",
          response: "ikso.privacy.v1.Complaint"),
        SchemaMethod(
          descriptor: ComplaintServiceMethods.listMyComplaints,
          policy: ComplaintServicePolicies.listMyComplaints,
          request: "ikso.privacy.v1.ListMyComplaintsRequest",
          response: "ikso.privacy.v1.ListComplaintsResponse"),
        SchemaMethod(
          descriptor: ComplaintServiceMethods.listComplaints,
          policy: ComplaintServicePolicies.listComplaints,
          request: "ikso.privacy.v1.ListComplaintsRequest",
          response: "ikso.privacy.v1.ListComplaintsResponse"),
        SchemaMethod(
          descriptor: ComplaintServiceMethods.answerComplaint,
          policy: ComplaintServicePolicies.answerComplaint,
          request: "ikso.privacy.v1.AnswerComplaintRequest",
          response: "ikso.privacy.v1.Complaint"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.ConsentService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: ConsentServiceMethods.giveConsent,
          policy: ConsentServicePolicies.giveConsent,
          request: "ikso.privacy.v1.GiveConsentRequest",
          response: "ikso.privacy.v1.ConsentReceipt"),
        SchemaMethod(
          descriptor: ConsentServiceMethods.withdrawConsent,
          policy: ConsentServicePolicies.withdrawConsent,
          request: "ikso.privacy.v1.WithdrawConsentRequest",
          response: "ikso.privacy.v1.ConsentReceipt"),
        SchemaMethod(
          descriptor: ConsentServiceMethods.listConsents,
          policy: ConsentServicePolicies.listConsents,
          request: "ikso.privacy.v1.ListConsentsRequest",
          response: "ikso.privacy.v1.ListConsentsResponse"),
        SchemaMethod(
          descriptor: ConsentServiceMethods.freezePurposes,
          policy: ConsentServicePolicies.freezePurposes,
          request: "ikso.privacy.v1.FreezePurposesRequest",
          response: "ikso.privacy.v1.FreezePurposesResponse"),
        SchemaMethod(
          descriptor: ConsentServiceMethods.releaseFreeze,
          policy: ConsentServicePolicies.releaseFreeze,
          request: "ikso.privacy.v1.ReleaseFreezeRequest",
          response: "ikso.privacy.v1.Freeze"),
        SchemaMethod(
          descriptor: ConsentServiceMethods.listFreezes,
          policy: ConsentServicePolicies.listFreezes,
          request: "ikso.privacy.v1.ListFreezesRequest",
          response: "ikso.privacy.v1.ListFreezesResponse"),
        SchemaMethod(
          descriptor: ConsentServiceMethods.instructPurpose,
          policy: ConsentServicePolicies.instructPurpose,
          request: "ikso.privacy.v1.InstructPurposeRequest",
          response: "ikso.privacy.v1.Instruction"),
        SchemaMethod(
          descriptor: ConsentServiceMethods.withdrawInstruction,
          policy: ConsentServicePolicies.withdrawInstruction,
          request: "ikso.privacy.v1.WithdrawInstructionRequest",
          response: "ikso.privacy.v1.Instruction"),
        SchemaMethod(
          descriptor: ConsentServiceMethods.listInstructions,
          policy: ConsentServicePolicies.listInstructions,
          request: "ikso.privacy.v1.ListInstructionsRequest",
          response: "ikso.privacy.v1.ListInstructionsResponse"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.DownloadService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: DownloadServiceMethods.createDownload,
          policy: DownloadServicePolicies.createDownload,
          request: "ikso.privacy.v1.CreateDownloadRequest",
          response: "ikso.privacy.v1.Download"),
        SchemaMethod(
          descriptor: DownloadServiceMethods.openDownload,
          policy: DownloadServicePolicies.openDownload,
          request: "ikso.privacy.v1.OpenDownloadRequest",
          response: "ikso.privacy.v1.ArchiveChunk"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.IntakeService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: IntakeServiceMethods.submitForm,
          policy: IntakeServicePolicies.submitForm,
          request: "ikso.privacy.v1.SubmitFormRequest",
          response: "ikso.privacy.v1.SubmitFormResponse"),
        SchemaMethod(
          descriptor: IntakeServiceMethods.listCases,
          policy: IntakeServicePolicies.listCases,
          request: "ikso.privacy.v1.ListCasesRequest",
          response: "ikso.privacy.v1.ListCasesResponse"),
        SchemaMethod(
          descriptor: IntakeServiceMethods.closeCase,
          policy: IntakeServicePolicies.closeCase,
          request: "ikso.privacy.v1.CloseCaseRequest",
          response: "ikso.privacy.v1.CloseCaseResponse"),
        SchemaMethod(
          descriptor: IntakeServiceMethods.submitApplication,
          policy: IntakeServicePolicies.submitApplication,
          request: "ikso.privacy.v1.SubmitApplicationRequest",
          response: "ikso.privacy.v1.SubmitApplicationResponse"),
        SchemaMethod(
          descriptor: IntakeServiceMethods.listApplications,
          policy: IntakeServicePolicies.listApplications,
          request: "ikso.privacy.v1.ListApplicationsRequest",
          response: "ikso.privacy.v1.ListApplicationsResponse"),
        SchemaMethod(
          descriptor: IntakeServiceMethods.endProcedure,
          policy: IntakeServicePolicies.endProcedure,
          request: "ikso.privacy.v1.EndProcedureRequest",
          response: "ikso.privacy.v1.Application"),
        SchemaMethod(
          descriptor: IntakeServiceMethods.withdrawApplicationConsent,
          policy: IntakeServicePolicies.withdrawApplicationConsent,
          request: "ikso.privacy.v1.WithdrawApplicationConsentRequest",
          response: "ikso.privacy.v1.WithdrawApplicationConsentResponse"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.LegalHoldService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: LegalHoldServiceMethods.placeHold,
          policy: LegalHoldServicePolicies.placeHold,
          request: "ikso.privacy.v1.PlaceHoldRequest",
          response: "ikso.privacy.v1.LegalHold"),
        SchemaMethod(
          descriptor: LegalHoldServiceMethods.releaseHold,
          policy: LegalHoldServicePolicies.releaseHold,
          request: "ikso.privacy.v1.ReleaseHoldRequest",
          response: "ikso.privacy.v1.LegalHold"),
        SchemaMethod(
          descriptor: LegalHoldServiceMethods.listHolds,
          policy: LegalHoldServicePolicies.listHolds,
          request: "ikso.privacy.v1.ListHoldsRequest",
          response: "ikso.privacy.v1.ListHoldsResponse"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.NewsletterService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: NewsletterServiceMethods.subscribe,
          policy: NewsletterServicePolicies.subscribe,
          request: "ikso.privacy.v1.SubscribeRequest",
          response: "ikso.privacy.v1.SubscribeResponse"),
        SchemaMethod(
          descriptor: NewsletterServiceMethods.confirmSubscription,
          policy: NewsletterServicePolicies.confirmSubscription,
          request: "ikso.privacy.v1.ConfirmSubscriptionRequest",
          response: "ikso.privacy.v1.ConfirmSubscriptionResponse"),
        SchemaMethod(
          descriptor: NewsletterServiceMethods.unsubscribe,
          policy: NewsletterServicePolicies.unsubscribe,
          request: "ikso.privacy.v1.UnsubscribeRequest",
          response: "ikso.privacy.v1.UnsubscribeResponse"),
        SchemaMethod(
          descriptor: NewsletterServiceMethods.sendNewsletter,
          policy: NewsletterServicePolicies.sendNewsletter,
          request: "ikso.privacy.v1.SendNewsletterRequest",
          response: "ikso.privacy.v1.NewsletterIssue"),
        SchemaMethod(
          descriptor: NewsletterServiceMethods.listNewsletters,
          policy: NewsletterServicePolicies.listNewsletters,
          request: "ikso.privacy.v1.ListNewslettersRequest",
          response: "ikso.privacy.v1.ListNewslettersResponse"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.OrganisationErasureService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: OrganisationErasureServiceMethods.listOrganisationErasures,
          policy: OrganisationErasureServicePolicies.listOrganisationErasures,
          request: "ikso.privacy.v1.ListOrganisationErasuresRequest",
          response: "ikso.privacy.v1.ListOrganisationErasuresResponse"),
        SchemaMethod(
          descriptor: OrganisationErasureServiceMethods.getOrganisationErasureCertificate,
          policy: OrganisationErasureServicePolicies.getOrganisationErasureCertificate,
          request: "ikso.privacy.v1.GetOrganisationErasureCertificateRequest",
          response: "ikso.privacy.v1.GetOrganisationErasureCertificateResponse"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.OrganisationErasureDeskService", isInternal: true,
      methods: [
        SchemaMethod(
          descriptor: OrganisationErasureDeskServiceMethods.reportDueOrganisation,
          policy: OrganisationErasureDeskServicePolicies.reportDueOrganisation,
          request: "ikso.privacy.v1.ReportDueOrganisationRequest",
          response: "ikso.privacy.v1.OrganisationErasure"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.OwnRequestService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: OwnRequestServiceMethods.createOwnRequest,
          policy: OwnRequestServicePolicies.createOwnRequest,
          request: "ikso.privacy.v1.CreateOwnRequestRequest",
          response: "ikso.privacy.v1.PrivacyRequest"),
        SchemaMethod(
          descriptor: OwnRequestServiceMethods.getOwnRequest,
          policy: OwnRequestServicePolicies.getOwnRequest,
          request: "ikso.privacy.v1.GetOwnRequestRequest",
          response: "ikso.privacy.v1.PrivacyRequest"),
        SchemaMethod(
          descriptor: OwnRequestServiceMethods.listOwnRequests,
          policy: OwnRequestServicePolicies.listOwnRequests,
          request: "ikso.privacy.v1.ListOwnRequestsRequest",
          response: "ikso.privacy.v1.ListOwnRequestsResponse"),
        SchemaMethod(
          descriptor: OwnRequestServiceMethods.withdrawOwnRequest,
          policy: OwnRequestServicePolicies.withdrawOwnRequest,
          request: "ikso.privacy.v1.WithdrawOwnRequestRequest",
          response: "ikso.privacy.v1.PrivacyRequest"),
        SchemaMethod(
          descriptor: OwnRequestServiceMethods.fetchOwnArchive,
          policy: OwnRequestServicePolicies.fetchOwnArchive,
          request: "ikso.privacy.v1.FetchOwnArchiveRequest",
          response: "ikso.privacy.v1.ArchiveChunk"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.PrivacyService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: PrivacyServiceMethods.publishStatement,
          policy: PrivacyServicePolicies.publishStatement,
          request: "ikso.privacy.v1.PublishStatementRequest",
          response: "ikso.privacy.v1.StatementVersion"),
        SchemaMethod(
          descriptor: PrivacyServiceMethods.getStatement,
          policy: PrivacyServicePolicies.getStatement,
          request: "ikso.privacy.v1.GetStatementRequest",
          response: "ikso.privacy.v1.Statement"),
        SchemaMethod(
          descriptor: PrivacyServiceMethods.listStatementVersions,
          policy: PrivacyServicePolicies.listStatementVersions,
          request: "ikso.privacy.v1.ListStatementVersionsRequest",
          response: "ikso.privacy.v1.ListStatementVersionsResponse"),
        SchemaMethod(
          descriptor: PrivacyServiceMethods.createRequest,
          policy: PrivacyServicePolicies.createRequest,
          request: "ikso.privacy.v1.CreateRequestRequest",
          response: "ikso.privacy.v1.PrivacyRequest"),
        SchemaMethod(
          descriptor: PrivacyServiceMethods.resumeRequest,
          policy: PrivacyServicePolicies.resumeRequest,
          request: "ikso.privacy.v1.ResumeRequestRequest",
          response: "ikso.privacy.v1.PrivacyRequest"),
        SchemaMethod(
          descriptor: PrivacyServiceMethods.getRequest,
          policy: PrivacyServicePolicies.getRequest,
          request: "ikso.privacy.v1.GetRequestRequest",
          response: "ikso.privacy.v1.PrivacyRequest"),
        SchemaMethod(
          descriptor: PrivacyServiceMethods.listRequests,
          policy: PrivacyServicePolicies.listRequests,
          request: "ikso.privacy.v1.ListRequestsRequest",
          response: "ikso.privacy.v1.ListRequestsResponse"),
        SchemaMethod(
          descriptor: PrivacyServiceMethods.fetchArchive,
          policy: PrivacyServicePolicies.fetchArchive,
          request: "ikso.privacy.v1.FetchArchiveRequest",
          response: "ikso.privacy.v1.ArchiveChunk"),
        SchemaMethod(
          descriptor: PrivacyServiceMethods.getArchiveKeys,
          policy: PrivacyServicePolicies.getArchiveKeys,
          request: "ikso.privacy.v1.GetArchiveKeysRequest",
          response: "ikso.privacy.v1.GetArchiveKeysResponse"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.ProofService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: ProofServiceMethods.attachProof,
          policy: ProofServicePolicies.attachProof,
          request: "ikso.privacy.v1.AttachProofRequest",
          response: "ikso.privacy.v1.Proof"),
        SchemaMethod(
          descriptor: ProofServiceMethods.getProof,
          policy: ProofServicePolicies.getProof,
          request: "ikso.privacy.v1.GetProofRequest",
          response: "ikso.privacy.v1.Proof"),
        SchemaMethod(
          descriptor: ProofServiceMethods.checkProof,
          policy: ProofServicePolicies.checkProof,
          request: "ikso.privacy.v1.CheckProofRequest",
          response: "ikso.privacy.v1.Proof"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.RegisterService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: RegisterServiceMethods.announceSubProcessor,
          policy: RegisterServicePolicies.announceSubProcessor,
          request: "ikso.privacy.v1.AnnounceSubProcessorRequest",
          response: "ikso.privacy.v1.SubProcessor"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.endSubProcessor,
          policy: RegisterServicePolicies.endSubProcessor,
          request: "ikso.privacy.v1.EndSubProcessorRequest",
          response: "ikso.privacy.v1.EndSubProcessorResponse"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.listSubProcessors,
          policy: RegisterServicePolicies.listSubProcessors,
          request: "ikso.privacy.v1.ListSubProcessorsRequest",
          response: "ikso.privacy.v1.ListSubProcessorsResponse"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.objectToSubProcessor,
          policy: RegisterServicePolicies.objectToSubProcessor,
          request: "ikso.privacy.v1.ObjectToSubProcessorRequest",
          response: "ikso.privacy.v1.SubProcessorObjection"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.listSubProcessorObjections,
          policy: RegisterServicePolicies.listSubProcessorObjections,
          request: "ikso.privacy.v1.ListSubProcessorObjectionsRequest",
          response: "ikso.privacy.v1.ListSubProcessorObjectionsResponse"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.recordTransfer,
          policy: RegisterServicePolicies.recordTransfer,
          request: "ikso.privacy.v1.RecordTransferRequest",
          response: "ikso.privacy.v1.Transfer"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.endTransfer,
          policy: RegisterServicePolicies.endTransfer,
          request: "ikso.privacy.v1.EndTransferRequest",
          response: "ikso.privacy.v1.Transfer"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.listTransfers,
          policy: RegisterServicePolicies.listTransfers,
          request: "ikso.privacy.v1.ListTransfersRequest",
          response: "ikso.privacy.v1.ListTransfersResponse"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.listAdequacyDecisions,
          policy: RegisterServicePolicies.listAdequacyDecisions,
          request: "ikso.privacy.v1.ListAdequacyDecisionsRequest",
          response: "ikso.privacy.v1.ListAdequacyDecisionsResponse"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.instructStorage,
          policy: RegisterServicePolicies.instructStorage,
          request: "ikso.privacy.v1.InstructStorageRequest",
          response: "ikso.privacy.v1.StorageInstruction"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.recordStorageLocation,
          policy: RegisterServicePolicies.recordStorageLocation,
          request: "ikso.privacy.v1.RecordStorageLocationRequest",
          response: "ikso.privacy.v1.StorageLocation"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.endStorageLocation,
          policy: RegisterServicePolicies.endStorageLocation,
          request: "ikso.privacy.v1.EndStorageLocationRequest",
          response: "ikso.privacy.v1.StorageLocation"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.listStorageLocations,
          policy: RegisterServicePolicies.listStorageLocations,
          request: "ikso.privacy.v1.ListStorageLocationsRequest",
          response: "ikso.privacy.v1.ListStorageLocationsResponse"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.recordLegalDemand,
          policy: RegisterServicePolicies.recordLegalDemand,
          request: "ikso.privacy.v1.RecordLegalDemandRequest",
          response: "ikso.privacy.v1.LegalDemand"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.recordDisclosure,
          policy: RegisterServicePolicies.recordDisclosure,
          request: "ikso.privacy.v1.RecordDisclosureRequest",
          response: "ikso.privacy.v1.LegalDemand"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.listLegalDemands,
          policy: RegisterServicePolicies.listLegalDemands,
          request: "ikso.privacy.v1.ListLegalDemandsRequest",
          response: "ikso.privacy.v1.ListLegalDemandsResponse"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.recordCollector,
          policy: RegisterServicePolicies.recordCollector,
          request: "ikso.privacy.v1.RecordCollectorRequest",
          response: "ikso.privacy.v1.Collector"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.endCollector,
          policy: RegisterServicePolicies.endCollector,
          request: "ikso.privacy.v1.EndCollectorRequest",
          response: "ikso.privacy.v1.Collector"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.listCollectors,
          policy: RegisterServicePolicies.listCollectors,
          request: "ikso.privacy.v1.ListCollectorsRequest",
          response: "ikso.privacy.v1.ListCollectorsResponse"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.setCookie,
          policy: RegisterServicePolicies.setCookie,
          request: "ikso.privacy.v1.SetCookieRequest",
          response: "ikso.privacy.v1.Cookie"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.removeCookie,
          policy: RegisterServicePolicies.removeCookie,
          request: "ikso.privacy.v1.RemoveCookieRequest",
          response: "ikso.privacy.v1.RemoveCookieResponse"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.getCookiePage,
          policy: RegisterServicePolicies.getCookiePage,
          request: "ikso.privacy.v1.GetCookiePageRequest",
          response: "ikso.privacy.v1.CookiePage"),
        SchemaMethod(
          descriptor: RegisterServiceMethods.getContacts,
          policy: RegisterServicePolicies.getContacts,
          request: "ikso.privacy.v1.GetContactsRequest",
          response: "ikso.privacy.v1.Contacts"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.RequestService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: RequestServiceMethods.watchRequest,
          policy: RequestServicePolicies.watchRequest,
          request: "ikso.privacy.v1.WatchRequestRequest",
          response: "ikso.privacy.v1.PrivacyRequest"),
        SchemaMethod(
          descriptor: RequestServiceMethods.approveRequest,
          policy: RequestServicePolicies.approveRequest,
          request: "ikso.privacy.v1.ApproveRequestRequest",
          response: "ikso.privacy.v1.PrivacyRequest"),
        SchemaMethod(
          descriptor: RequestServiceMethods.refuseRequest,
          policy: RequestServicePolicies.refuseRequest,
          request: "ikso.privacy.v1.RefuseRequestRequest",
          response: "ikso.privacy.v1.PrivacyRequest"),
        SchemaMethod(
          descriptor: RequestServiceMethods.withdrawRequest,
          policy: RequestServicePolicies.withdrawRequest,
          request: "ikso.privacy.v1.WithdrawRequestRequest",
          response: "ikso.privacy.v1.PrivacyRequest"),
        SchemaMethod(
          descriptor: RequestServiceMethods.extendRequest,
          policy: RequestServicePolicies.extendRequest,
          request: "ikso.privacy.v1.ExtendRequestRequest",
          response: "ikso.privacy.v1.PrivacyRequest"),
        SchemaMethod(
          descriptor: RequestServiceMethods.completeRequest,
          policy: RequestServicePolicies.completeRequest,
          request: "ikso.privacy.v1.CompleteRequestRequest",
          response: "ikso.privacy.v1.PrivacyRequest"),
        SchemaMethod(
          descriptor: RequestServiceMethods.getErasureCertificate,
          policy: RequestServicePolicies.getErasureCertificate,
          request: "ikso.privacy.v1.GetErasureCertificateRequest",
          response: "ikso.privacy.v1.ErasureCertificate"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.RetentionService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: RetentionServiceMethods.planRetention,
          policy: RetentionServicePolicies.planRetention,
          request: "ikso.privacy.v1.PlanRetentionRequest",
          response: "ikso.privacy.v1.PlanRetentionResponse"),
        SchemaMethod(
          descriptor: RetentionServiceMethods.runRetention,
          policy: RetentionServicePolicies.runRetention,
          request: "ikso.privacy.v1.RunRetentionRequest",
          response: "ikso.privacy.v1.RetentionProgress"),
        SchemaMethod(
          descriptor: RetentionServiceMethods.listRetentionReports,
          policy: RetentionServicePolicies.listRetentionReports,
          request: "ikso.privacy.v1.ListRetentionReportsRequest",
          response: "ikso.privacy.v1.ListRetentionReportsResponse"),
        SchemaMethod(
          descriptor: RetentionServiceMethods.holdRecord,
          policy: RetentionServicePolicies.holdRecord,
          request: "ikso.privacy.v1.HoldRecordRequest",
          response: "ikso.privacy.v1.RetentionHold"),
        SchemaMethod(
          descriptor: RetentionServiceMethods.releaseRecord,
          policy: RetentionServicePolicies.releaseRecord,
          request: "ikso.privacy.v1.ReleaseRecordRequest",
          response: "ikso.privacy.v1.ReleaseRecordResponse"),
        SchemaMethod(
          descriptor: RetentionServiceMethods.listRecordHolds,
          policy: RetentionServicePolicies.listRecordHolds,
          request: "ikso.privacy.v1.ListRecordHoldsRequest",
          response: "ikso.privacy.v1.ListRecordHoldsResponse"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.StatementService", isInternal: false,
      methods: [
        SchemaMethod(
          descriptor: StatementServiceMethods.compareStatements,
          policy: StatementServicePolicies.compareStatements,
          request: "ikso.privacy.v1.CompareStatementsRequest",
          response: "ikso.privacy.v1.CompareStatementsResponse"),
      ]),
    SchemaService(
      name: "ikso.privacy.v1.StatementDeskService", isInternal: true,
      methods: [
        SchemaMethod(
          descriptor: StatementDeskServiceMethods.renderStatement,
          policy: StatementDeskServicePolicies.renderStatement,
          request: "ikso.privacy.v1.RenderStatementRequest",
          response: "ikso.privacy.v1.PersonalStatement"),
        SchemaMethod(
          descriptor: StatementDeskServiceMethods.recordAcceptance,
          policy: StatementDeskServicePolicies.recordAcceptance,
          request: "ikso.privacy.v1.RecordAcceptanceRequest",
          response: "ikso.privacy.v1.RecordAcceptanceResponse"),
        SchemaMethod(
          descriptor: StatementDeskServiceMethods.checkAcceptance,
          policy: StatementDeskServicePolicies.checkAcceptance,
          request: "ikso.privacy.v1.CheckAcceptanceRequest",
          response: "ikso.privacy.v1.CheckAcceptanceResponse"),
      ]),
    SchemaService(
      name: "ikso.purpose.v1.PurposeFeedService", isInternal: true,
      methods: [
        SchemaMethod(
          descriptor: PurposeFeedServiceMethods.watch,
          policy: PurposeFeedServicePolicies.watch,
          request: "ikso.purpose.v1.WatchRequest",
          response: "ikso.purpose.v1.Batch"),
      ]),
    SchemaService(
      name: "ikso.purpose.v1.TrafficService", isInternal: true,
      methods: [
        SchemaMethod(
          descriptor: TrafficServiceMethods.reportTraffic,
          policy: TrafficServicePolicies.reportTraffic,
          request: "ikso.purpose.v1.ReportTrafficRequest",
          response: "ikso.purpose.v1.ReportTrafficResponse"),
      ]),
    SchemaService(
      name: "ikso.revocation.v1.RevocationService", isInternal: true,
      methods: [
        SchemaMethod(
          descriptor: RevocationServiceMethods.watch,
          policy: RevocationServicePolicies.watch,
          request: "ikso.revocation.v1.WatchRequest",
          response: "ikso.revocation.v1.Batch"),
      ]),
    SchemaService(
      name: "ikso.subject.v1.SubjectDataService", isInternal: true,
      methods: [
        SchemaMethod(
          descriptor: SubjectDataServiceMethods.describeHoldings,
          policy: SubjectDataServicePolicies.describeHoldings,
          request: "ikso.subject.v1.DescribeHoldingsRequest",
          response: "ikso.subject.v1.DescribeHoldingsResponse"),
        SchemaMethod(
          descriptor: SubjectDataServiceMethods.exportSubject,
          policy: SubjectDataServicePolicies.exportSubject,
          request: "ikso.subject.v1.SubjectRequest",
          response: "ikso.subject.v1.SubjectRecord"),
        SchemaMethod(
          descriptor: SubjectDataServiceMethods.eraseSubject,
          policy: SubjectDataServicePolicies.eraseSubject,
          request: "ikso.subject.v1.SubjectRequest",
          response: "ikso.subject.v1.EraseSubjectResponse"),
        SchemaMethod(
          descriptor: SubjectDataServiceMethods.scanSubject,
          policy: SubjectDataServicePolicies.scanSubject,
          request: "ikso.subject.v1.ScanSubjectRequest",
          response: "ikso.subject.v1.ScanSubjectResponse"),
        SchemaMethod(
          descriptor: SubjectDataServiceMethods.restrictSubject,
          policy: SubjectDataServicePolicies.restrictSubject,
          request: "ikso.subject.v1.RestrictSubjectRequest",
          response: "ikso.subject.v1.RestrictSubjectResponse"),
      ]),
    SchemaService(
      name: "ikso.tenant.v1.TenantDataService", isInternal: true,
      methods: [
        SchemaMethod(
          descriptor: TenantDataServiceMethods.eraseTenant,
          policy: TenantDataServicePolicies.eraseTenant,
          request: "ikso.tenant.v1.EraseTenantRequest",
          response: "ikso.tenant.v1.EraseTenantResponse"),
        SchemaMethod(
          descriptor: TenantDataServiceMethods.scanTenant,
          policy: TenantDataServicePolicies.scanTenant,
          request: "ikso.tenant.v1.ScanTenantRequest",
          response: "ikso.tenant.v1.ScanTenantResponse"),
      ]),
  ]

  package static let messages: [SchemaMessage] = [
    SchemaMessage(
      name: "ikso.feedback.v1.AskFeedbackRequest",
      fields: [
        ("topic", .confidential),
        ("question", .confidential),
        ("colleague_ids", .pseudonym),
        ("outsiders", .notPersonal),
        ("visibility", .notPersonal),
      ],
      requestOf: [
        "ikso.feedback.v1.FeedbackService/AskFeedback",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.feedback.v1.Outsider",
      fields: [
        ("name", .personal),
        ("email", .personal),
      ],
      requestOf: [
        "ikso.feedback.v1.FeedbackService/AskFeedback",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.feedback.v1.FeedbackRound",
      fields: [
        ("round_id", .pseudonym),
        ("topic", .confidential),
        ("question", .confidential),
        ("visibility", .notPersonal),
        ("asked_at", .notPersonal),
        ("invitations", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.feedback.v1.FeedbackService/AskFeedback",
        "ikso.feedback.v1.FeedbackService/GetFeedbackRound",
      ]),
    SchemaMessage(
      name: "ikso.feedback.v1.FeedbackRound.Invitation",
      fields: [
        ("invitation_id", .pseudonym),
        ("colleague_id", .pseudonym),
        ("outsider_name", .personal),
        ("state", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.feedback.v1.FeedbackService/AskFeedback",
        "ikso.feedback.v1.FeedbackService/GetFeedbackRound",
      ]),
    SchemaMessage(
      name: "ikso.feedback.v1.GetFeedbackRoundRequest",
      fields: [
        ("round_id", .pseudonym),
      ],
      requestOf: [
        "ikso.feedback.v1.FeedbackService/GetFeedbackRound",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.feedback.v1.ListFeedbackTasksRequest",
      fields: [
      ],
      requestOf: [
        "ikso.feedback.v1.FeedbackService/ListFeedbackTasks",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.feedback.v1.ListFeedbackTasksResponse",
      fields: [
        ("tasks", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.feedback.v1.FeedbackService/ListFeedbackTasks",
      ]),
    SchemaMessage(
      name: "ikso.feedback.v1.FeedbackTask",
      fields: [
        ("invitation_id", .pseudonym),
        ("asker_id", .pseudonym),
        ("topic", .confidential),
        ("question", .confidential),
        ("visibility", .notPersonal),
        ("asked_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.feedback.v1.FeedbackService/ListFeedbackTasks",
      ]),
    SchemaMessage(
      name: "ikso.feedback.v1.GiveFeedbackRequest",
      fields: [
        ("invitation_id", .pseudonym),
        ("answer", .confidential),
      ],
      requestOf: [
        "ikso.feedback.v1.FeedbackService/GiveFeedback",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.feedback.v1.GiveFeedbackResponse",
      fields: [
        ("feedback_id", .pseudonym),
        ("given_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.feedback.v1.FeedbackService/GiveFeedback",
        "ikso.feedback.v1.FeedbackService/GiveGuestFeedback",
      ]),
    SchemaMessage(
      name: "ikso.feedback.v1.OpenGuestLinkRequest",
      fields: [
        ("code", .secret),
      ],
      requestOf: [
        "ikso.feedback.v1.FeedbackService/OpenGuestLink",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.feedback.v1.OpenGuestLinkResponse",
      fields: [
        ("asker_name", .personal),
        ("topic", .confidential),
        ("question", .confidential),
        ("visibility", .notPersonal),
        ("expires_at", .notPersonal),
        ("statement", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.feedback.v1.FeedbackService/OpenGuestLink",
      ]),
    SchemaMessage(
      name: "ikso.feedback.v1.GiveGuestFeedbackRequest",
      fields: [
        ("code", .secret),
        ("statement_version", .notPersonal),
        ("statement_sha256", .notPersonal),
        ("answer", .confidential),
      ],
      requestOf: [
        "ikso.feedback.v1.FeedbackService/GiveGuestFeedback",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.feedback.v1.ListFeedbackRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.feedback.v1.FeedbackService/ListFeedback",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.feedback.v1.ListFeedbackResponse",
      fields: [
        ("feedback", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.feedback.v1.FeedbackService/ListFeedback",
      ]),
    SchemaMessage(
      name: "ikso.feedback.v1.GetFeedbackRequest",
      fields: [
        ("feedback_id", .pseudonym),
      ],
      requestOf: [
        "ikso.feedback.v1.FeedbackService/GetFeedback",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.feedback.v1.Feedback",
      fields: [
        ("feedback_id", .pseudonym),
        ("round_id", .pseudonym),
        ("topic", .confidential),
        ("answer", .confidential),
        ("giver_id", .pseudonym),
        ("giver_name", .personal),
        ("given_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.feedback.v1.FeedbackService/ListFeedback",
        "ikso.feedback.v1.FeedbackService/GetFeedback",
      ]),
    SchemaMessage(
      name: "ikso.goals.v1.CreateGoalRequest",
      fields: [
        ("title", .confidential),
        ("why", .confidential),
        ("measure", .confidential),
        ("due_on", .notPersonal),
        ("feedback_ids", .pseudonym),
      ],
      requestOf: [
        "ikso.goals.v1.GoalsService/CreateGoal",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.goals.v1.Goal",
      fields: [
        ("goal_id", .pseudonym),
        ("title", .confidential),
        ("why", .confidential),
        ("measure", .confidential),
        ("due_on", .notPersonal),
        ("feedback_ids", .pseudonym),
        ("state", .notPersonal),
        ("progress_percent", .notPersonal),
        ("revision", .notPersonal),
        ("created_at", .notPersonal),
        ("evaluation", .confidential),
      ],
      requestOf: [],
      responseOf: [
        "ikso.goals.v1.GoalsService/CreateGoal",
        "ikso.goals.v1.GoalsService/GetGoal",
        "ikso.goals.v1.GoalsService/ListGoals",
        "ikso.goals.v1.GoalsService/CheckIn",
        "ikso.goals.v1.GoalsService/CompleteGoal",
      ]),
    SchemaMessage(
      name: "ikso.goals.v1.GetGoalRequest",
      fields: [
        ("goal_id", .pseudonym),
      ],
      requestOf: [
        "ikso.goals.v1.GoalsService/GetGoal",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.goals.v1.ListGoalsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.goals.v1.GoalsService/ListGoals",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.goals.v1.ListGoalsResponse",
      fields: [
        ("goals", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.goals.v1.GoalsService/ListGoals",
      ]),
    SchemaMessage(
      name: "ikso.goals.v1.CheckInRequest",
      fields: [
        ("goal_id", .pseudonym),
        ("progress_percent", .notPersonal),
        ("confidence", .notPersonal),
        ("note", .confidential),
        ("expected_revision", .notPersonal),
      ],
      requestOf: [
        "ikso.goals.v1.GoalsService/CheckIn",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.goals.v1.CheckInResponse",
      fields: [
        ("check_in", .notPersonal),
        ("goal", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.goals.v1.GoalsService/CheckIn",
      ]),
    SchemaMessage(
      name: "ikso.goals.v1.GoalCheckIn",
      fields: [
        ("check_in_id", .pseudonym),
        ("goal_id", .pseudonym),
        ("progress_percent", .notPersonal),
        ("confidence", .notPersonal),
        ("note", .confidential),
        ("checked_in_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.goals.v1.GoalsService/CheckIn",
        "ikso.goals.v1.GoalsService/ListCheckIns",
      ]),
    SchemaMessage(
      name: "ikso.goals.v1.ListCheckInsRequest",
      fields: [
        ("goal_id", .pseudonym),
      ],
      requestOf: [
        "ikso.goals.v1.GoalsService/ListCheckIns",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.goals.v1.ListCheckInsResponse",
      fields: [
        ("check_ins", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.goals.v1.GoalsService/ListCheckIns",
      ]),
    SchemaMessage(
      name: "ikso.goals.v1.CompleteGoalRequest",
      fields: [
        ("goal_id", .pseudonym),
        ("evaluation", .confidential),
        ("expected_revision", .notPersonal),
      ],
      requestOf: [
        "ikso.goals.v1.GoalsService/CompleteGoal",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListDevicesRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.DeviceService/ListDevices",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListDevicesResponse",
      fields: [
        ("devices", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.DeviceService/ListDevices",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.RememberedDevice",
      fields: [
        ("device_id", .notPersonal),
        ("remembered_at", .notPersonal),
        ("last_used_at", .notPersonal),
        ("expires_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.DeviceService/ListDevices",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ForgetDeviceRequest",
      fields: [
        ("device_id", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.DeviceService/ForgetDevice",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ForgetDeviceResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.DeviceService/ForgetDevice",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ForgetAllDevicesRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.DeviceService/ForgetAllDevices",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ForgetAllDevicesResponse",
      fields: [
        ("forgotten", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.DeviceService/ForgetAllDevices",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.GetFactorsRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.FactorService/GetFactors",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.Factors",
      fields: [
        ("totp_since", .notPersonal),
        ("recovery_codes_left", .notPersonal),
        ("required", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.FactorService/GetFactors",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.BeginTOTPRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.FactorService/BeginTOTP",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.TOTPSetup",
      fields: [
        ("secret", .secret),
        ("uri", .secret),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.FactorService/BeginTOTP",
        "ikso.identity.v1.SignInService/BeginFactor",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ConfirmTOTPRequest",
      fields: [
        ("code", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.FactorService/ConfirmTOTP",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.RecoveryCodes",
      fields: [
        ("codes", .secret),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.FactorService/ConfirmTOTP",
        "ikso.identity.v1.FactorService/RenewRecoveryCodes",
        "ikso.identity.v1.SignInService/ConfirmFactor",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.RemoveTOTPRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.FactorService/RemoveTOTP",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.RemoveTOTPResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.FactorService/RemoveTOTP",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.RenewRecoveryCodesRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.FactorService/RenewRecoveryCodes",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ProcessingAgreement",
      fields: [
        ("reference", .notPersonal),
        ("signed_on", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/RegisterOrganisation",
        "ikso.identity.v1.OrganisationService/SetContract",
      ],
      responseOf: [
        "ikso.identity.v1.IdentityService/RegisterOrganisation",
        "ikso.identity.v1.IdentityService/GetOrganisation",
        "ikso.identity.v1.OrganisationService/ListOrganisations",
        "ikso.identity.v1.OrganisationService/SetContract",
        "ikso.identity.v1.OrganisationService/EndContract",
        "ikso.identity.v1.OrganisationService/EraseOrganisation",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.RegisterOrganisationRequest",
      fields: [
        ("name", .notPersonal),
        ("contract_begin", .notPersonal),
        ("contract_end", .notPersonal),
        ("agreement", .notPersonal),
        ("time_zone", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/RegisterOrganisation",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.Organisation",
      fields: [
        ("organisation_id", .notPersonal),
        ("name", .notPersonal),
        ("contract_begin", .notPersonal),
        ("contract_end", .notPersonal),
        ("agreement", .notPersonal),
        ("time_zone", .notPersonal),
        ("state", .notPersonal),
        ("kept_until", .notPersonal),
        ("erased_at", .notPersonal),
        ("language", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.IdentityService/RegisterOrganisation",
        "ikso.identity.v1.IdentityService/GetOrganisation",
        "ikso.identity.v1.OrganisationService/ListOrganisations",
        "ikso.identity.v1.OrganisationService/SetContract",
        "ikso.identity.v1.OrganisationService/EndContract",
        "ikso.identity.v1.OrganisationService/EraseOrganisation",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.GetOrganisationRequest",
      fields: [
        ("organisation_id", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/GetOrganisation",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.NameAuthorisedPersonRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("name", .personal),
        ("email", .personal),
        ("valid_from", .notPersonal),
        ("valid_until", .notPersonal),
        ("deputy", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/NameAuthorisedPerson",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.AuthorisedPerson",
      fields: [
        ("person_id", .pseudonym),
        ("organisation_id", .notPersonal),
        ("invitation_expires_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.IdentityService/NameAuthorisedPerson",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ImportParticipantsRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("csv", .personal),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/ImportParticipants",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ImportParticipantsResponse",
      fields: [
        ("imported", .notPersonal),
        ("invitations_expire_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.IdentityService/ImportParticipants",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ResendInvitationRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("email", .personal),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/ResendInvitation",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ResendInvitationResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.IdentityService/ResendInvitation",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.OpenInvitationRequest",
      fields: [
        ("code", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/OpenInvitation",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.OpenInvitationResponse",
      fields: [
        ("organisation_id", .notPersonal),
        ("organisation_name", .notPersonal),
        ("person_id", .pseudonym),
        ("name", .personal),
        ("email", .personal),
        ("expires_at", .notPersonal),
        ("statement", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.IdentityService/OpenInvitation",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.Credential",
      fields: [
        ("invitation_code", .secret),
        ("password", .notPersonal),
        ("challenge", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/ShowStatement",
        "ikso.identity.v1.IdentityService/AcceptStatement",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.Credential.Password",
      fields: [
        ("organisation_id", .notPersonal),
        ("email", .personal),
        ("password", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/ShowStatement",
        "ikso.identity.v1.IdentityService/AcceptStatement",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ShowStatementRequest",
      fields: [
        ("credential", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/ShowStatement",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.AcceptStatementRequest",
      fields: [
        ("credential", .notPersonal),
        ("version", .notPersonal),
        ("sha256", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/AcceptStatement",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.AcceptStatementResponse",
      fields: [
        ("version", .notPersonal),
        ("accepted_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.IdentityService/AcceptStatement",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.SetPasswordRequest",
      fields: [
        ("invitation_code", .secret),
        ("password", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/SetPassword",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.SetPasswordResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.IdentityService/SetPassword",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.LoginRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("email", .personal),
        ("password", .secret),
        ("device_token", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/Login",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.LoginResponse",
      fields: [
        ("access_token", .secret),
        ("expires_at", .notPersonal),
        ("person_id", .pseudonym),
        ("session_id", .pseudonym),
        ("refresh_token", .secret),
        ("session_expires_at", .notPersonal),
        ("device_token", .secret),
        ("challenge", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.IdentityService/Login",
        "ikso.identity.v1.SignInService/VerifyFactor",
        "ikso.identity.v1.SignInService/ConfirmFactor",
        "ikso.identity.v1.SignInService/ContinueSignIn",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.SignInChallenge",
      fields: [
        ("challenge", .secret),
        ("step", .notPersonal),
        ("expires_at", .notPersonal),
        ("statement", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.IdentityService/Login",
        "ikso.identity.v1.SignInService/VerifyFactor",
        "ikso.identity.v1.SignInService/ConfirmFactor",
        "ikso.identity.v1.SignInService/ContinueSignIn",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.LogoutRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/Logout",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.LogoutResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.IdentityService/Logout",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.FindColleagueRequest",
      fields: [
        ("email", .personal),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/FindColleague",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.Colleague",
      fields: [
        ("person_id", .pseudonym),
        ("name", .personal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.IdentityService/FindColleague",
        "ikso.identity.v1.IdentityService/GetColleagues",
        "ikso.identity.v1.PeopleService/ListReports",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.GetColleaguesRequest",
      fields: [
        ("person_ids", .pseudonym),
        ("organisation_id", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/GetColleagues",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.GetColleaguesResponse",
      fields: [
        ("colleagues", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.IdentityService/GetColleagues",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.RotateSigningKeyRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.IdentityService/RotateSigningKey",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.RotateSigningKeyResponse",
      fields: [
        ("key_id", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.IdentityService/RotateSigningKey",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.SetUnder16Request",
      fields: [
        ("person_id", .pseudonym),
        ("under16", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.MinorService/SetUnder16",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.SetUnder16Response",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.MinorService/SetUnder16",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.RecordParentalConsentRequest",
      fields: [
        ("person_id", .pseudonym),
        ("guardian", .personal),
        ("given_on", .notPersonal),
        ("reference", .personal),
      ],
      requestOf: [
        "ikso.identity.v1.MinorService/RecordParentalConsent",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.RecordParentalConsentResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.MinorService/RecordParentalConsent",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.WithdrawParentalConsentRequest",
      fields: [
        ("person_id", .pseudonym),
      ],
      requestOf: [
        "ikso.identity.v1.MinorService/WithdrawParentalConsent",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.WithdrawParentalConsentResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.MinorService/WithdrawParentalConsent",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ReportUnder16Request",
      fields: [
        ("person_id", .pseudonym),
        ("organisation_id", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.MinorService/ReportUnder16",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ReportUnder16Response",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.MinorService/ReportUnder16",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ListUnder16ReportsRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.MinorService/ListUnder16Reports",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListUnder16ReportsResponse",
      fields: [
        ("reports", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.MinorService/ListUnder16Reports",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.Under16Report",
      fields: [
        ("report_id", .notPersonal),
        ("person_id", .pseudonym),
        ("reporter_id", .pseudonym),
        ("reported_at", .notPersonal),
        ("resolution", .notPersonal),
        ("resolved_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.MinorService/ListUnder16Reports",
        "ikso.identity.v1.MinorService/ResolveUnder16Report",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ResolveUnder16ReportRequest",
      fields: [
        ("report_id", .notPersonal),
        ("resolution", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.MinorService/ResolveUnder16Report",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListOrganisationsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.OrganisationService/ListOrganisations",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListOrganisationsResponse",
      fields: [
        ("organisations", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.OrganisationService/ListOrganisations",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.SetContractRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("contract_begin", .notPersonal),
        ("contract_end", .notPersonal),
        ("agreement", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.OrganisationService/SetContract",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.EndContractRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("last_day", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.OrganisationService/EndContract",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.EraseOrganisationRequest",
      fields: [
        ("organisation_id", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.OrganisationService/EraseOrganisation",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.OrganisationPolicy",
      fields: [
        ("second_factor", .notPersonal),
        ("minimum_password_characters", .notPersonal),
        ("password_check_seconds", .notPersonal),
        ("session_idle_seconds", .notPersonal),
        ("session_absolute_seconds", .notPersonal),
        ("remembers_devices", .notPersonal),
        ("email_domains", .notPersonal),
        ("self_registration", .notPersonal),
        ("language", .notPersonal),
        ("remembered_device_days", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.OrganisationService/SetOrganisationPolicy",
      ],
      responseOf: [
        "ikso.identity.v1.OrganisationService/GetOrganisationPolicy",
        "ikso.identity.v1.OrganisationService/SetOrganisationPolicy",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.GetOrganisationPolicyRequest",
      fields: [
        ("organisation_id", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.OrganisationService/GetOrganisationPolicy",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.SetOrganisationPolicyRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("policy", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.OrganisationService/SetOrganisationPolicy",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListOrganisationIdsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.OrganisationDeskService/ListOrganisationIds",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListOrganisationIdsResponse",
      fields: [
        ("organisation_ids", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.OrganisationDeskService/ListOrganisationIds",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.OrderOrganisationErasureRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("erasure_id", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.OrganisationDeskService/OrderOrganisationErasure",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.OrderOrganisationErasureResponse",
      fields: [
        ("order", .notPersonal),
        ("public_key", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.OrganisationDeskService/OrderOrganisationErasure",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ChangePasswordRequest",
      fields: [
        ("current_password", .secret),
        ("new_password", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.PasswordService/ChangePassword",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ChangePasswordResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PasswordService/ChangePassword",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.RequestPasswordResetRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("email", .personal),
      ],
      requestOf: [
        "ikso.identity.v1.PasswordService/RequestPasswordReset",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.RequestPasswordResetResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PasswordService/RequestPasswordReset",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ResetPasswordRequest",
      fields: [
        ("code", .secret),
        ("new_password", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.PasswordService/ResetPassword",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ResetPasswordResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PasswordService/ResetPassword",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.PersonRight",
      fields: [
        ("role", .notPersonal),
        ("valid_from", .notPersonal),
        ("valid_until", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PeopleService/GetPerson",
        "ikso.identity.v1.PeopleService/ListPeople",
        "ikso.identity.v1.PeopleService/GrantRole",
        "ikso.identity.v1.PeopleService/RevokeRole",
        "ikso.identity.v1.PeopleService/SetManager",
        "ikso.identity.v1.PeopleService/SuspendPerson",
        "ikso.identity.v1.PeopleService/ReinstatePerson",
        "ikso.identity.v1.PeopleService/CorrectPerson",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.Person",
      fields: [
        ("person_id", .pseudonym),
        ("name", .personal),
        ("email", .personal),
        ("rights", .notPersonal),
        ("provenance", .notPersonal),
        ("manager_id", .pseudonym),
        ("suspended", .notPersonal),
        ("under16", .notPersonal),
        ("has_parental_consent", .notPersonal),
        ("frozen", .notPersonal),
        ("created_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PeopleService/GetPerson",
        "ikso.identity.v1.PeopleService/ListPeople",
        "ikso.identity.v1.PeopleService/GrantRole",
        "ikso.identity.v1.PeopleService/RevokeRole",
        "ikso.identity.v1.PeopleService/SetManager",
        "ikso.identity.v1.PeopleService/SuspendPerson",
        "ikso.identity.v1.PeopleService/ReinstatePerson",
        "ikso.identity.v1.PeopleService/CorrectPerson",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.GetPersonRequest",
      fields: [
        ("person_id", .pseudonym),
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/GetPerson",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListPeopleRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/ListPeople",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListPeopleResponse",
      fields: [
        ("people", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PeopleService/ListPeople",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.GrantRoleRequest",
      fields: [
        ("person_id", .pseudonym),
        ("role", .notPersonal),
        ("valid_from", .notPersonal),
        ("valid_until", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/GrantRole",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.RevokeRoleRequest",
      fields: [
        ("person_id", .pseudonym),
        ("role", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/RevokeRole",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.SetManagerRequest",
      fields: [
        ("person_id", .pseudonym),
        ("manager_id", .pseudonym),
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/SetManager",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListReportsRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/ListReports",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListReportsResponse",
      fields: [
        ("reports", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PeopleService/ListReports",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.SuspendPersonRequest",
      fields: [
        ("person_id", .pseudonym),
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/SuspendPerson",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ReinstatePersonRequest",
      fields: [
        ("person_id", .pseudonym),
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/ReinstatePerson",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.CorrectPersonRequest",
      fields: [
        ("person_id", .pseudonym),
        ("name", .personal),
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/CorrectPerson",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListCorrectionsRequest",
      fields: [
        ("person_id", .pseudonym),
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/ListCorrections",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListCorrectionsResponse",
      fields: [
        ("corrections", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PeopleService/ListCorrections",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.Correction",
      fields: [
        ("field", .notPersonal),
        ("old_value", .personal),
        ("provenance", .notPersonal),
        ("corrected_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PeopleService/ListCorrections",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.RequestEmailChangeRequest",
      fields: [
        ("person_id", .pseudonym),
        ("email", .personal),
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/RequestEmailChange",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.RequestEmailChangeResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PeopleService/RequestEmailChange",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ConfirmEmailChangeRequest",
      fields: [
        ("code", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/ConfirmEmailChange",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ConfirmEmailChangeResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PeopleService/ConfirmEmailChange",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.StopEmailChangeRequest",
      fields: [
        ("code", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/StopEmailChange",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.StopEmailChangeResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PeopleService/StopEmailChange",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.RegisterMyselfRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("name", .personal),
        ("email", .personal),
      ],
      requestOf: [
        "ikso.identity.v1.PeopleService/RegisterMyself",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.RegisterMyselfResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PeopleService/RegisterMyself",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.Programme",
      fields: [
        ("programme_id", .notPersonal),
        ("name", .notPersonal),
        ("kind", .notPersonal),
        ("begins_on", .notPersonal),
        ("ends_on", .notPersonal),
        ("learning_paths", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ProgrammeService/CreateProgramme",
        "ikso.identity.v1.ProgrammeService/EndProgramme",
        "ikso.identity.v1.ProgrammeService/ListProgrammes",
        "ikso.identity.v1.ProgrammeService/ListMyProgrammes",
        "ikso.identity.v1.ReportService/GetParticipationReport",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.CreateProgrammeRequest",
      fields: [
        ("name", .notPersonal),
        ("kind", .notPersonal),
        ("begins_on", .notPersonal),
        ("ends_on", .notPersonal),
        ("learning_paths", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.ProgrammeService/CreateProgramme",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.EndProgrammeRequest",
      fields: [
        ("programme_id", .notPersonal),
        ("last_day", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.ProgrammeService/EndProgramme",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListProgrammesRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.ProgrammeService/ListProgrammes",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListProgrammesResponse",
      fields: [
        ("programmes", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ProgrammeService/ListProgrammes",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.EnrolPeopleRequest",
      fields: [
        ("programme_id", .notPersonal),
        ("person_ids", .pseudonym),
      ],
      requestOf: [
        "ikso.identity.v1.ProgrammeService/EnrolPeople",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.EnrolPeopleResponse",
      fields: [
        ("enrolled", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ProgrammeService/EnrolPeople",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.UnenrolPeopleRequest",
      fields: [
        ("programme_id", .notPersonal),
        ("person_ids", .pseudonym),
      ],
      requestOf: [
        "ikso.identity.v1.ProgrammeService/UnenrolPeople",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.UnenrolPeopleResponse",
      fields: [
        ("unenrolled", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ProgrammeService/UnenrolPeople",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ListEnrolmentsRequest",
      fields: [
        ("programme_id", .notPersonal),
        ("after_person_id", .pseudonym),
      ],
      requestOf: [
        "ikso.identity.v1.ProgrammeService/ListEnrolments",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListEnrolmentsResponse",
      fields: [
        ("enrolments", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ProgrammeService/ListEnrolments",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.Enrolment",
      fields: [
        ("person_id", .pseudonym),
        ("enrolled_on", .notPersonal),
        ("ends_on", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ProgrammeService/ListEnrolments",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ListMyProgrammesRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.ProgrammeService/ListMyProgrammes",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListMyProgrammesResponse",
      fields: [
        ("programmes", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ProgrammeService/ListMyProgrammes",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.GetParticipationReportRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.ReportService/GetParticipationReport",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ParticipationReport",
      fields: [
        ("as_of_day", .notPersonal),
        ("programmes", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ReportService/GetParticipationReport",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ProgrammeParticipation",
      fields: [
        ("programme", .notPersonal),
        ("state", .notPersonal),
        ("participants", .notPersonal),
        ("is_suppressed", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ReportService/GetParticipationReport",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ListReportedPeopleRequest",
      fields: [
        ("programme_id", .notPersonal),
        ("after_person_id", .pseudonym),
      ],
      requestOf: [
        "ikso.identity.v1.ReportService/ListReportedPeople",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListReportedPeopleResponse",
      fields: [
        ("people", .notPersonal),
        ("next_person_id", .pseudonym),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ReportService/ListReportedPeople",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ReportedPerson",
      fields: [
        ("person_id", .pseudonym),
        ("name", .personal),
        ("enrolled_on", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ReportService/ListReportedPeople",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.CheckPersonRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("person_id", .pseudonym),
      ],
      requestOf: [
        "ikso.identity.v1.PersonDeskService/CheckPerson",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.CheckPersonResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PersonDeskService/CheckPerson",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.RectifyPersonRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("person_id", .pseudonym),
        ("field", .notPersonal),
        ("new_value", .personal),
        ("ordered_by", .pseudonym),
        ("asked_by_person", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.PersonDeskService/RectifyPerson",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.RectifyPersonResponse",
      fields: [
        ("awaits_confirmation", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.PersonDeskService/RectifyPerson",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ListSecurityEventsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
        ("kinds", .notPersonal),
        ("person_id", .pseudonym),
        ("actor_id", .pseudonym),
        ("from", .notPersonal),
        ("until", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.SecurityLogService/ListSecurityEvents",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListSecurityEventsResponse",
      fields: [
        ("events", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.SecurityLogService/ListSecurityEvents",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.SecurityEvent",
      fields: [
        ("event_id", .notPersonal),
        ("occurred_at", .notPersonal),
        ("kind", .notPersonal),
        ("outcome", .notPersonal),
        ("actor", .notPersonal),
        ("actor_id", .pseudonym),
        ("person_id", .pseudonym),
        ("session_id", .pseudonym),
        ("source", .pseudonym),
        ("role", .notPersonal),
        ("occurrences", .notPersonal),
        ("organisation_id", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.SecurityLogService/ListSecurityEvents",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ServiceAccount",
      fields: [
        ("service_account_id", .notPersonal),
        ("name", .notPersonal),
        ("scopes", .notPersonal),
        ("all_organisations", .notPersonal),
        ("organisation_ids", .notPersonal),
        ("created_at", .notPersonal),
        ("expires_at", .notPersonal),
        ("disabled_at", .notPersonal),
        ("credentials", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ServiceAccountService/CreateServiceAccount",
        "ikso.identity.v1.ServiceAccountService/AddCredential",
        "ikso.identity.v1.ServiceAccountService/RevokeCredential",
        "ikso.identity.v1.ServiceAccountService/DisableServiceAccount",
        "ikso.identity.v1.ServiceAccountService/ListServiceAccounts",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ServiceCredential",
      fields: [
        ("credential_id", .notPersonal),
        ("kind", .notPersonal),
        ("identity", .notPersonal),
        ("created_at", .notPersonal),
        ("expires_at", .notPersonal),
        ("revoked_at", .notPersonal),
        ("last_used_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ServiceAccountService/CreateServiceAccount",
        "ikso.identity.v1.ServiceAccountService/AddCredential",
        "ikso.identity.v1.ServiceAccountService/RevokeCredential",
        "ikso.identity.v1.ServiceAccountService/DisableServiceAccount",
        "ikso.identity.v1.ServiceAccountService/ListServiceAccounts",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.CreateServiceAccountRequest",
      fields: [
        ("name", .notPersonal),
        ("scopes", .notPersonal),
        ("organisation_ids", .notPersonal),
        ("all_organisations", .notPersonal),
        ("valid_days", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.ServiceAccountService/CreateServiceAccount",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.AddCredentialRequest",
      fields: [
        ("service_account_id", .notPersonal),
        ("public_key", .notPersonal),
        ("certificate_identity", .notPersonal),
        ("valid_days", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.ServiceAccountService/AddCredential",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.RevokeCredentialRequest",
      fields: [
        ("service_account_id", .notPersonal),
        ("credential_id", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.ServiceAccountService/RevokeCredential",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.DisableServiceAccountRequest",
      fields: [
        ("service_account_id", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.ServiceAccountService/DisableServiceAccount",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListServiceAccountsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.ServiceAccountService/ListServiceAccounts",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListServiceAccountsResponse",
      fields: [
        ("service_accounts", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ServiceAccountService/ListServiceAccounts",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.IssueServiceTokenRequest",
      fields: [
        ("assertion", .secret),
        ("service_account_id", .notPersonal),
        ("organisation_id", .notPersonal),
        ("scopes", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.ServiceTokenService/IssueServiceToken",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.IssueServiceTokenResponse",
      fields: [
        ("access_token", .secret),
        ("expires_at", .notPersonal),
        ("scopes", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.ServiceTokenService/IssueServiceToken",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.RefreshSessionRequest",
      fields: [
        ("refresh_token", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.SessionService/RefreshSession",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.RefreshSessionResponse",
      fields: [
        ("access_token", .secret),
        ("expires_at", .notPersonal),
        ("refresh_token", .secret),
        ("session_expires_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.SessionService/RefreshSession",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.CheckPasswordRequest",
      fields: [
        ("password", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.SessionService/CheckPassword",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.CheckPasswordResponse",
      fields: [
        ("access_token", .secret),
        ("expires_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.SessionService/CheckPassword",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ListSessionsRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.SessionService/ListSessions",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListSessionsResponse",
      fields: [
        ("sessions", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.SessionService/ListSessions",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.Session",
      fields: [
        ("session_id", .pseudonym),
        ("signed_in_at", .notPersonal),
        ("authenticated_at", .notPersonal),
        ("last_used_at", .notPersonal),
        ("idle_at", .notPersonal),
        ("expires_at", .notPersonal),
        ("current", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.SessionService/ListSessions",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.EndSessionRequest",
      fields: [
        ("session_id", .pseudonym),
      ],
      requestOf: [
        "ikso.identity.v1.SessionService/EndSession",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.EndSessionResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.SessionService/EndSession",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.EndOtherSessionsRequest",
      fields: [
      ],
      requestOf: [
        "ikso.identity.v1.SessionService/EndOtherSessions",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.EndOtherSessionsResponse",
      fields: [
        ("ended", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.SessionService/EndOtherSessions",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.EndPersonSessionsRequest",
      fields: [
        ("person_id", .pseudonym),
      ],
      requestOf: [
        "ikso.identity.v1.SessionService/EndPersonSessions",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.EndPersonSessionsResponse",
      fields: [
        ("ended", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.SessionService/EndPersonSessions",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.VerifyFactorRequest",
      fields: [
        ("challenge", .secret),
        ("code", .secret),
        ("recovery_code", .secret),
        ("remember_device", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.SignInService/VerifyFactor",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.BeginFactorRequest",
      fields: [
        ("challenge", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.SignInService/BeginFactor",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ConfirmFactorRequest",
      fields: [
        ("challenge", .secret),
        ("code", .secret),
        ("remember_device", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.SignInService/ConfirmFactor",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ConfirmFactorResponse",
      fields: [
        ("recovery_codes", .notPersonal),
        ("sign_in", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.SignInService/ConfirmFactor",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.ContinueSignInRequest",
      fields: [
        ("challenge", .secret),
      ],
      requestOf: [
        "ikso.identity.v1.SignInService/ContinueSignIn",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.SupportAccess",
      fields: [
        ("support_access_id", .notPersonal),
        ("organisation_id", .notPersonal),
        ("reason", .notPersonal),
        ("scopes", .notPersonal),
        ("minutes", .notPersonal),
        ("state", .notPersonal),
        ("requested_by", .pseudonym),
        ("requested_at", .notPersonal),
        ("decided_by", .pseudonym),
        ("decided_at", .notPersonal),
        ("ends_at", .notPersonal),
        ("last_used_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.SupportService/RequestSupportAccess",
        "ikso.identity.v1.SupportService/ApproveSupportAccess",
        "ikso.identity.v1.SupportService/RefuseSupportAccess",
        "ikso.identity.v1.SupportService/EndSupportAccess",
        "ikso.identity.v1.SupportService/ListSupportAccess",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.RequestSupportAccessRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("reason", .notPersonal),
        ("scopes", .notPersonal),
        ("minutes", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.SupportService/RequestSupportAccess",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ApproveSupportAccessRequest",
      fields: [
        ("support_access_id", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.SupportService/ApproveSupportAccess",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.RefuseSupportAccessRequest",
      fields: [
        ("support_access_id", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.SupportService/RefuseSupportAccess",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.EndSupportAccessRequest",
      fields: [
        ("support_access_id", .notPersonal),
        ("organisation_id", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.SupportService/EndSupportAccess",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListSupportAccessRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.SupportService/ListSupportAccess",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.ListSupportAccessResponse",
      fields: [
        ("support_access", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.SupportService/ListSupportAccess",
      ]),
    SchemaMessage(
      name: "ikso.identity.v1.BeginSupportRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("support_access_id", .notPersonal),
      ],
      requestOf: [
        "ikso.identity.v1.SupportService/BeginSupport",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.identity.v1.BeginSupportResponse",
      fields: [
        ("access_token", .secret),
        ("expires_at", .notPersonal),
        ("ends_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.identity.v1.SupportService/BeginSupport",
      ]),
    SchemaMessage(
      name: "ikso.isolation.v1.SelfTestRequest",
      fields: [
        ("methods", .notPersonal),
      ],
      requestOf: [
        "ikso.isolation.v1.IdentitySelfTestService/SelfTest",
        "ikso.isolation.v1.FeedbackSelfTestService/SelfTest",
        "ikso.isolation.v1.GoalsSelfTestService/SelfTest",
        "ikso.isolation.v1.PrivacySelfTestService/SelfTest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.isolation.v1.GetSelfTestRequest",
      fields: [
      ],
      requestOf: [
        "ikso.isolation.v1.IdentitySelfTestService/GetSelfTest",
        "ikso.isolation.v1.FeedbackSelfTestService/GetSelfTest",
        "ikso.isolation.v1.GoalsSelfTestService/GetSelfTest",
        "ikso.isolation.v1.PrivacySelfTestService/GetSelfTest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.isolation.v1.Trial",
      fields: [
        ("subject", .notPersonal),
        ("attempt", .notPersonal),
        ("breach", .notPersonal),
      ],
      requestOf: [
        "ikso.isolation.v1.IdentitySelfTestService/SelfTest",
        "ikso.isolation.v1.FeedbackSelfTestService/SelfTest",
        "ikso.isolation.v1.GoalsSelfTestService/SelfTest",
        "ikso.isolation.v1.PrivacySelfTestService/SelfTest",
      ],
      responseOf: [
        "ikso.isolation.v1.IdentitySelfTestService/SelfTest",
        "ikso.isolation.v1.IdentitySelfTestService/GetSelfTest",
        "ikso.isolation.v1.FeedbackSelfTestService/SelfTest",
        "ikso.isolation.v1.FeedbackSelfTestService/GetSelfTest",
        "ikso.isolation.v1.GoalsSelfTestService/SelfTest",
        "ikso.isolation.v1.GoalsSelfTestService/GetSelfTest",
        "ikso.isolation.v1.PrivacySelfTestService/SelfTest",
        "ikso.isolation.v1.PrivacySelfTestService/GetSelfTest",
      ]),
    SchemaMessage(
      name: "ikso.isolation.v1.SelfTestResult",
      fields: [
        ("finished_at", .notPersonal),
        ("passed", .notPersonal),
        ("attempts", .notPersonal),
        ("breaches", .notPersonal),
        ("report", .notPersonal),
        ("public_key", .notPersonal),
        ("key_id", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.isolation.v1.IdentitySelfTestService/SelfTest",
        "ikso.isolation.v1.IdentitySelfTestService/GetSelfTest",
        "ikso.isolation.v1.FeedbackSelfTestService/SelfTest",
        "ikso.isolation.v1.FeedbackSelfTestService/GetSelfTest",
        "ikso.isolation.v1.GoalsSelfTestService/SelfTest",
        "ikso.isolation.v1.GoalsSelfTestService/GetSelfTest",
        "ikso.isolation.v1.PrivacySelfTestService/SelfTest",
        "ikso.isolation.v1.PrivacySelfTestService/GetSelfTest",
      ]),
    SchemaMessage(
      name: "ikso.keys.v1.GetSigningKeysRequest",
      fields: [
      ],
      requestOf: [
        "ikso.keys.v1.KeysService/GetSigningKeys",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.keys.v1.GetSigningKeysResponse",
      fields: [
        ("keys", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.keys.v1.KeysService/GetSigningKeys",
      ]),
    SchemaMessage(
      name: "ikso.keys.v1.SigningKey",
      fields: [
        ("key_id", .notPersonal),
        ("public_key", .notPersonal),
        ("not_before", .notPersonal),
        ("not_after", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.keys.v1.KeysService/GetSigningKeys",
      ]),
    SchemaMessage(
      name: "ikso.mail.v1.ListDeadMailRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.mail.v1.IdentityMailService/ListDeadMail",
        "ikso.mail.v1.FeedbackMailService/ListDeadMail",
        "ikso.mail.v1.PrivacyMailService/ListDeadMail",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.mail.v1.ListDeadMailResponse",
      fields: [
        ("mails", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.mail.v1.IdentityMailService/ListDeadMail",
        "ikso.mail.v1.FeedbackMailService/ListDeadMail",
        "ikso.mail.v1.PrivacyMailService/ListDeadMail",
      ]),
    SchemaMessage(
      name: "ikso.mail.v1.DeadMail",
      fields: [
        ("mail_id", .notPersonal),
        ("kind", .notPersonal),
        ("created_at", .notPersonal),
        ("given_up_at", .notPersonal),
        ("attempts", .notPersonal),
        ("reason", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.mail.v1.IdentityMailService/ListDeadMail",
        "ikso.mail.v1.FeedbackMailService/ListDeadMail",
        "ikso.mail.v1.PrivacyMailService/ListDeadMail",
      ]),
    SchemaMessage(
      name: "ikso.mail.v1.RetryMailRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("mail_id", .notPersonal),
      ],
      requestOf: [
        "ikso.mail.v1.IdentityMailService/RetryMail",
        "ikso.mail.v1.FeedbackMailService/RetryMail",
        "ikso.mail.v1.PrivacyMailService/RetryMail",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.mail.v1.RetryMailResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.mail.v1.IdentityMailService/RetryMail",
        "ikso.mail.v1.FeedbackMailService/RetryMail",
        "ikso.mail.v1.PrivacyMailService/RetryMail",
      ]),
    SchemaMessage(
      name: "ikso.notice.v1.SendNoticeRequest",
      fields: [
        ("notice_id", .notPersonal),
        ("organisation_id", .notPersonal),
        ("audience", .notPersonal),
        ("person_id", .pseudonym),
        ("kind", .notPersonal),
        ("reference_id", .notPersonal),
        ("version", .notPersonal),
        ("moment", .notPersonal),
        ("authority_link", .notPersonal),
      ],
      requestOf: [
        "ikso.notice.v1.NoticeService/SendNotice",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.notice.v1.SendNoticeResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.notice.v1.NoticeService/SendNotice",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.AppendAccessesRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("events", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.AccessIntakeService/AppendAccesses",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.AppendAccessesResponse",
      fields: [
        ("appended", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.AccessIntakeService/AppendAccesses",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.AccessEvent",
      fields: [
        ("event_id", .notPersonal),
        ("subject_id", .pseudonym),
        ("occurred_at", .notPersonal),
        ("detail", .confidential),
        ("subject_commitment", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.AccessIntakeService/AppendAccesses",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.AccessDetail",
      fields: [
        ("kind", .notPersonal),
        ("actor", .notPersonal),
        ("actor_id", .pseudonym),
        ("actor_name", .notPersonal),
        ("method", .notPersonal),
        ("purpose", .notPersonal),
        ("data", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.AccessLogService/ListAccesses",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListAccessesRequest",
      fields: [
        ("subject_id", .pseudonym),
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.AccessLogService/ListAccesses",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListAccessesResponse",
      fields: [
        ("accesses", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.AccessLogService/ListAccesses",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.Access",
      fields: [
        ("position", .notPersonal),
        ("event_id", .notPersonal),
        ("occurred_at", .notPersonal),
        ("detail", .notPersonal),
        ("leaf_hash", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.AccessLogService/ListAccesses",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.GetLogCheckpointRequest",
      fields: [
      ],
      requestOf: [
        "ikso.privacy.v1.AccessLogService/GetLogCheckpoint",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.LogCheckpoint",
      fields: [
        ("note", .notPersonal),
        ("size", .notPersonal),
        ("signed_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.AccessLogService/GetLogCheckpoint",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListLogLeavesRequest",
      fields: [
        ("from", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.AccessLogService/ListLogLeaves",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.LogLeaf",
      fields: [
        ("position", .notPersonal),
        ("event_id", .notPersonal),
        ("occurred_at", .notPersonal),
        ("subject_commitment", .notPersonal),
        ("sealed_sha256", .notPersonal),
        ("subject_id", .pseudonym),
        ("leaf_hash", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.AccessLogService/ListLogLeaves",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ProveInclusionRequest",
      fields: [
        ("position", .notPersonal),
        ("size", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.AccessLogService/ProveInclusion",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ProveConsistencyRequest",
      fields: [
        ("from_size", .notPersonal),
        ("to_size", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.AccessLogService/ProveConsistency",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.LogProof",
      fields: [
        ("hashes", .notPersonal),
        ("size", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.AccessLogService/ProveInclusion",
        "ikso.privacy.v1.AccessLogService/ProveConsistency",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListActivitiesRequest",
      fields: [
      ],
      requestOf: [
        "ikso.privacy.v1.ActivityService/ListActivities",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListActivitiesResponse",
      fields: [
        ("activities", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ActivityService/ListActivities",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.Activity",
      fields: [
        ("activity_id", .notPersonal),
        ("clause", .notPersonal),
        ("description", .notPersonal),
        ("purpose", .notPersonal),
        ("ground", .notPersonal),
        ("role", .notPersonal),
        ("people", .notPersonal),
        ("recipients", .notPersonal),
        ("retention", .notPersonal),
        ("transfer", .notPersonal),
        ("is_instructed", .notPersonal),
        ("fields", .notPersonal),
        ("data", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ActivityService/ListActivities",
        "ikso.privacy.v1.ActivityService/GetProcessingRecord",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.DataCategory",
      fields: [
        ("name", .notPersonal),
        ("is_compulsory", .notPersonal),
        ("why", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ActivityService/ListActivities",
        "ikso.privacy.v1.ActivityService/GetProcessingRecord",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.PersonalField",
      fields: [
        ("name", .notPersonal),
        ("personal_data", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ActivityService/ListActivities",
        "ikso.privacy.v1.ActivityService/GetProcessingRecord",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.GetProcessingRecordRequest",
      fields: [
        ("role", .notPersonal),
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ActivityService/GetProcessingRecord",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ProcessingRecord",
      fields: [
        ("role", .notPersonal),
        ("generated_at", .notPersonal),
        ("controller", .notPersonal),
        ("controller_contact", .notPersonal),
        ("processor", .notPersonal),
        ("officer", .notPersonal),
        ("activities", .notPersonal),
        ("measures", .notPersonal),
        ("differences", .notPersonal),
        ("csv", .notPersonal),
        ("html", .notPersonal),
        ("observed", .notPersonal),
        ("registers", .notPersonal),
        ("registers_csv", .notPersonal),
        ("controllers", .notPersonal),
        ("next_page_token", .notPersonal),
        ("holdings", .notPersonal),
        ("holdings_csv", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ActivityService/GetProcessingRecord",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.Holding",
      fields: [
        ("service", .notPersonal),
        ("table", .notPersonal),
        ("column", .notPersonal),
        ("personal_data", .notPersonal),
        ("is_sealed", .notPersonal),
        ("activity_id", .notPersonal),
        ("retention", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ActivityService/GetProcessingRecord",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RecordedController",
      fields: [
        ("organisation_id", .notPersonal),
        ("name", .notPersonal),
        ("contact", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ActivityService/GetProcessingRecord",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RecordedEntry",
      fields: [
        ("register", .notPersonal),
        ("name", .notPersonal),
        ("subject", .notPersonal),
        ("countries", .notPersonal),
        ("basis", .notPersonal),
        ("since", .notPersonal),
        ("is_platform", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ActivityService/GetProcessingRecord",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ObservedMethod",
      fields: [
        ("service", .notPersonal),
        ("method", .notPersonal),
        ("purpose", .notPersonal),
        ("calls", .notPersonal),
        ("first_seen_at", .notPersonal),
        ("last_seen_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ActivityService/GetProcessingRecord",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ReportBreachRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("text", .confidential),
      ],
      requestOf: [
        "ikso.privacy.v1.BreachService/ReportBreach",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ReportBreachResponse",
      fields: [
        ("breach_id", .notPersonal),
        ("reported_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.BreachService/ReportBreach",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.BreachContent",
      fields: [
        ("nature", .confidential),
        ("people_categories", .confidential),
        ("people", .notPersonal),
        ("record_categories", .confidential),
        ("records", .notPersonal),
        ("consequences", .confidential),
        ("measures", .confidential),
        ("high_risk", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.BreachService/RegisterBreach",
        "ikso.privacy.v1.BreachService/UpdateBreach",
      ],
      responseOf: [
        "ikso.privacy.v1.BreachService/RegisterBreach",
        "ikso.privacy.v1.BreachService/UpdateBreach",
        "ikso.privacy.v1.BreachService/AddBreachEntry",
        "ikso.privacy.v1.BreachService/RecordAuthorityNotice",
        "ikso.privacy.v1.BreachService/CloseBreach",
        "ikso.privacy.v1.BreachService/GetBreach",
        "ikso.privacy.v1.BreachService/ListBreaches",
        "ikso.privacy.v1.BreachService/ListBreachNotices",
        "ikso.privacy.v1.BreachService/AcknowledgeBreachNotice",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RegisterBreachRequest",
      fields: [
        ("aware_at", .notPersonal),
        ("content", .notPersonal),
        ("affected_organisation_ids", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.BreachService/RegisterBreach",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.UpdateBreachRequest",
      fields: [
        ("breach_id", .notPersonal),
        ("expected_revision", .notPersonal),
        ("content", .notPersonal),
        ("affected_organisation_ids", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.BreachService/UpdateBreach",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.AddBreachEntryRequest",
      fields: [
        ("breach_id", .notPersonal),
        ("kind", .notPersonal),
        ("text", .confidential),
      ],
      requestOf: [
        "ikso.privacy.v1.BreachService/AddBreachEntry",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.BreachEntry",
      fields: [
        ("kind", .notPersonal),
        ("text", .confidential),
        ("added_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.BreachService/RegisterBreach",
        "ikso.privacy.v1.BreachService/UpdateBreach",
        "ikso.privacy.v1.BreachService/AddBreachEntry",
        "ikso.privacy.v1.BreachService/RecordAuthorityNotice",
        "ikso.privacy.v1.BreachService/CloseBreach",
        "ikso.privacy.v1.BreachService/GetBreach",
        "ikso.privacy.v1.BreachService/ListBreaches",
        "ikso.privacy.v1.BreachService/ListBreachNotices",
        "ikso.privacy.v1.BreachService/AcknowledgeBreachNotice",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RecordAuthorityNoticeRequest",
      fields: [
        ("breach_id", .notPersonal),
        ("notified_at", .notPersonal),
        ("reference", .notPersonal),
        ("delay_reason", .confidential),
      ],
      requestOf: [
        "ikso.privacy.v1.BreachService/RecordAuthorityNotice",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.CloseBreachRequest",
      fields: [
        ("breach_id", .notPersonal),
        ("no_risk_reason", .confidential),
      ],
      requestOf: [
        "ikso.privacy.v1.BreachService/CloseBreach",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.Breach",
      fields: [
        ("breach_id", .notPersonal),
        ("state", .notPersonal),
        ("revision", .notPersonal),
        ("content", .notPersonal),
        ("aware_at", .notPersonal),
        ("authority_due_at", .notPersonal),
        ("overdue", .notPersonal),
        ("authority_notified_at", .notPersonal),
        ("authority_reference", .notPersonal),
        ("delay_reason", .confidential),
        ("no_risk_reason", .confidential),
        ("closed_at", .notPersonal),
        ("affected", .notPersonal),
        ("entries", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.BreachService/RegisterBreach",
        "ikso.privacy.v1.BreachService/UpdateBreach",
        "ikso.privacy.v1.BreachService/AddBreachEntry",
        "ikso.privacy.v1.BreachService/RecordAuthorityNotice",
        "ikso.privacy.v1.BreachService/CloseBreach",
        "ikso.privacy.v1.BreachService/GetBreach",
        "ikso.privacy.v1.BreachService/ListBreaches",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.AffectedOrganisation",
      fields: [
        ("organisation_id", .notPersonal),
        ("told_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.BreachService/RegisterBreach",
        "ikso.privacy.v1.BreachService/UpdateBreach",
        "ikso.privacy.v1.BreachService/AddBreachEntry",
        "ikso.privacy.v1.BreachService/RecordAuthorityNotice",
        "ikso.privacy.v1.BreachService/CloseBreach",
        "ikso.privacy.v1.BreachService/GetBreach",
        "ikso.privacy.v1.BreachService/ListBreaches",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.GetBreachRequest",
      fields: [
        ("breach_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.BreachService/GetBreach",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListBreachesRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.BreachService/ListBreaches",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListBreachesResponse",
      fields: [
        ("breaches", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.BreachService/ListBreaches",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.BreachNotice",
      fields: [
        ("breach_id", .notPersonal),
        ("state", .notPersonal),
        ("revision", .notPersonal),
        ("content", .notPersonal),
        ("entries", .notPersonal),
        ("told_at", .notPersonal),
        ("authority_due_at", .notPersonal),
        ("acknowledged_at", .notPersonal),
        ("acknowledged_by", .pseudonym),
        ("acknowledged_revision", .notPersonal),
        ("contact", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.BreachService/ListBreachNotices",
        "ikso.privacy.v1.BreachService/AcknowledgeBreachNotice",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListBreachNoticesRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.BreachService/ListBreachNotices",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListBreachNoticesResponse",
      fields: [
        ("notices", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.BreachService/ListBreachNotices",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.AcknowledgeBreachNoticeRequest",
      fields: [
        ("breach_id", .notPersonal),
        ("revision", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.BreachService/AcknowledgeBreachNotice",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.FileComplaintRequest",
      fields: [
        ("text", .confidential),
      ],
      requestOf: [
        "ikso.privacy.v1.ComplaintService/FileComplaint",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.Complaint",
      fields: [
        ("complaint_id", .notPersonal),
        ("state", .notPersonal),
        ("subject_id", .pseudonym),
        ("text", .confidential),
        ("answer", .confidential),
        ("filed_at", .notPersonal),
        ("answered_at", .notPersonal),
        ("authority", .notPersonal),
        ("authority_link", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ComplaintService/FileComplaint",
        "ikso.privacy.v1.ComplaintService/ListMyComplaints",
        "ikso.privacy.v1.ComplaintService/ListComplaints",
        "ikso.privacy.v1.ComplaintService/AnswerComplaint",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListMyComplaintsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ComplaintService/ListMyComplaints",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListComplaintsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ComplaintService/ListComplaints",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListComplaintsResponse",
      fields: [
        ("complaints", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ComplaintService/ListMyComplaints",
        "ikso.privacy.v1.ComplaintService/ListComplaints",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.AnswerComplaintRequest",
      fields: [
        ("complaint_id", .notPersonal),
        ("outcome", .notPersonal),
        ("answer", .confidential),
      ],
      requestOf: [
        "ikso.privacy.v1.ComplaintService/AnswerComplaint",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.GiveConsentRequest",
      fields: [
        ("purpose", .notPersonal),
        ("statement_version", .notPersonal),
        ("statement_sha256", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ConsentService/GiveConsent",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.WithdrawConsentRequest",
      fields: [
        ("purpose", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ConsentService/WithdrawConsent",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ConsentReceipt",
      fields: [
        ("receipt_id", .notPersonal),
        ("purpose", .notPersonal),
        ("act", .notPersonal),
        ("at", .notPersonal),
        ("statement_version", .notPersonal),
        ("document", .pseudonym),
        ("signature", .notPersonal),
        ("key_id", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ConsentService/GiveConsent",
        "ikso.privacy.v1.ConsentService/WithdrawConsent",
        "ikso.privacy.v1.ConsentService/ListConsents",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListConsentsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ConsentService/ListConsents",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListConsentsResponse",
      fields: [
        ("standings", .notPersonal),
        ("receipts", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ConsentService/ListConsents",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.PurposeStanding",
      fields: [
        ("purpose", .notPersonal),
        ("is_allowed", .notPersonal),
        ("needs_consent", .notPersonal),
        ("frozen", .notPersonal),
        ("is_instructed", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ConsentService/ListConsents",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.FreezePurposesRequest",
      fields: [
        ("person_id", .pseudonym),
        ("purposes", .notPersonal),
        ("reason", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ConsentService/FreezePurposes",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.FreezePurposesResponse",
      fields: [
        ("freezes", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ConsentService/FreezePurposes",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.Freeze",
      fields: [
        ("freeze_id", .notPersonal),
        ("person_id", .pseudonym),
        ("purpose", .notPersonal),
        ("reason", .notPersonal),
        ("frozen_at", .notPersonal),
        ("frozen_by", .pseudonym),
        ("released_at", .notPersonal),
        ("released_by", .pseudonym),
        ("request_id", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ConsentService/FreezePurposes",
        "ikso.privacy.v1.ConsentService/ReleaseFreeze",
        "ikso.privacy.v1.ConsentService/ListFreezes",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ReleaseFreezeRequest",
      fields: [
        ("freeze_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ConsentService/ReleaseFreeze",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListFreezesRequest",
      fields: [
        ("person_id", .pseudonym),
        ("only_in_force", .notPersonal),
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ConsentService/ListFreezes",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListFreezesResponse",
      fields: [
        ("freezes", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ConsentService/ListFreezes",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.InstructPurposeRequest",
      fields: [
        ("purpose", .notPersonal),
        ("reference", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ConsentService/InstructPurpose",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.WithdrawInstructionRequest",
      fields: [
        ("purpose", .notPersonal),
        ("reference", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ConsentService/WithdrawInstruction",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.Instruction",
      fields: [
        ("purpose", .notPersonal),
        ("state", .notPersonal),
        ("reference", .notPersonal),
        ("at", .notPersonal),
        ("decided_by", .pseudonym),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ConsentService/InstructPurpose",
        "ikso.privacy.v1.ConsentService/WithdrawInstruction",
        "ikso.privacy.v1.ConsentService/ListInstructions",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListInstructionsRequest",
      fields: [
      ],
      requestOf: [
        "ikso.privacy.v1.ConsentService/ListInstructions",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListInstructionsResponse",
      fields: [
        ("standings", .notPersonal),
        ("history", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ConsentService/ListInstructions",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.CreateDownloadRequest",
      fields: [
        ("request_id", .notPersonal),
        ("hours", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.DownloadService/CreateDownload",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.Download",
      fields: [
        ("code", .secret),
        ("expires_at", .notPersonal),
        ("recipient", .personal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.DownloadService/CreateDownload",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.OpenDownloadRequest",
      fields: [
        ("code", .secret),
      ],
      requestOf: [
        "ikso.privacy.v1.DownloadService/OpenDownload",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.SubmitFormRequest",
      fields: [
        ("kind", .notPersonal),
        ("name", .personal),
        ("email", .personal),
        ("phone", .personal),
        ("function", .personal),
        ("message", .confidential),
      ],
      requestOf: [
        "ikso.privacy.v1.IntakeService/SubmitForm",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.SubmitFormResponse",
      fields: [
        ("received_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.IntakeService/SubmitForm",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.IntakeCase",
      fields: [
        ("case_id", .notPersonal),
        ("kind", .notPersonal),
        ("name", .personal),
        ("email", .personal),
        ("phone", .personal),
        ("function", .personal),
        ("message", .confidential),
        ("received_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.IntakeService/ListCases",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListCasesRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.IntakeService/ListCases",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListCasesResponse",
      fields: [
        ("cases", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.IntakeService/ListCases",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.CloseCaseRequest",
      fields: [
        ("case_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.IntakeService/CloseCase",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.CloseCaseResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.IntakeService/CloseCase",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.SubmitApplicationRequest",
      fields: [
        ("name", .personal),
        ("address", .personal),
        ("email", .personal),
        ("phone", .personal),
        ("birth_date", .personal),
        ("vacancy", .notPersonal),
        ("keep_one_year", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.IntakeService/SubmitApplication",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.SubmitApplicationResponse",
      fields: [
        ("received_at", .notPersonal),
        ("withdrawal_code", .secret),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.IntakeService/SubmitApplication",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.Application",
      fields: [
        ("application_id", .notPersonal),
        ("name", .personal),
        ("address", .personal),
        ("email", .personal),
        ("phone", .personal),
        ("birth_date", .personal),
        ("vacancy", .notPersonal),
        ("keep_one_year", .notPersonal),
        ("received_at", .notPersonal),
        ("ended_at", .notPersonal),
        ("erase_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.IntakeService/ListApplications",
        "ikso.privacy.v1.IntakeService/EndProcedure",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListApplicationsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.IntakeService/ListApplications",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListApplicationsResponse",
      fields: [
        ("applications", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.IntakeService/ListApplications",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.EndProcedureRequest",
      fields: [
        ("application_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.IntakeService/EndProcedure",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.WithdrawApplicationConsentRequest",
      fields: [
        ("code", .secret),
      ],
      requestOf: [
        "ikso.privacy.v1.IntakeService/WithdrawApplicationConsent",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.WithdrawApplicationConsentResponse",
      fields: [
        ("erase_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.IntakeService/WithdrawApplicationConsent",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.LegalHold",
      fields: [
        ("hold_id", .notPersonal),
        ("subject_id", .pseudonym),
        ("ground", .notPersonal),
        ("reference", .notPersonal),
        ("owner_id", .pseudonym),
        ("placed_at", .notPersonal),
        ("expires_at", .notPersonal),
        ("released_at", .notPersonal),
        ("in_force", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.LegalHoldService/PlaceHold",
        "ikso.privacy.v1.LegalHoldService/ReleaseHold",
        "ikso.privacy.v1.LegalHoldService/ListHolds",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.PlaceHoldRequest",
      fields: [
        ("subject_id", .pseudonym),
        ("ground", .notPersonal),
        ("reference", .notPersonal),
        ("expires_on", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.LegalHoldService/PlaceHold",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ReleaseHoldRequest",
      fields: [
        ("hold_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.LegalHoldService/ReleaseHold",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListHoldsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.LegalHoldService/ListHolds",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListHoldsResponse",
      fields: [
        ("holds", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.LegalHoldService/ListHolds",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.SubscribeRequest",
      fields: [
        ("email", .personal),
        ("language", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.NewsletterService/Subscribe",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.SubscribeResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.NewsletterService/Subscribe",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ConfirmSubscriptionRequest",
      fields: [
        ("code", .secret),
      ],
      requestOf: [
        "ikso.privacy.v1.NewsletterService/ConfirmSubscription",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ConfirmSubscriptionResponse",
      fields: [
        ("consent", .notPersonal),
        ("confirmed_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.NewsletterService/ConfirmSubscription",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.UnsubscribeRequest",
      fields: [
        ("code", .secret),
      ],
      requestOf: [
        "ikso.privacy.v1.NewsletterService/Unsubscribe",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.UnsubscribeResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.NewsletterService/Unsubscribe",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.SendNewsletterRequest",
      fields: [
        ("language", .notPersonal),
        ("subject", .notPersonal),
        ("parts", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.NewsletterService/SendNewsletter",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.NewsletterPart",
      fields: [
        ("text", .notPersonal),
        ("link", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.NewsletterService/SendNewsletter",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.NewsletterIssue",
      fields: [
        ("issue_id", .notPersonal),
        ("language", .notPersonal),
        ("subject", .notPersonal),
        ("sent_at", .notPersonal),
        ("mails", .notPersonal),
        ("done_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.NewsletterService/SendNewsletter",
        "ikso.privacy.v1.NewsletterService/ListNewsletters",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListNewslettersRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.NewsletterService/ListNewsletters",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListNewslettersResponse",
      fields: [
        ("issues", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.NewsletterService/ListNewsletters",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.OrganisationErasure",
      fields: [
        ("organisation_id", .notPersonal),
        ("erasure_id", .notPersonal),
        ("state", .notPersonal),
        ("reported_at", .notPersonal),
        ("begun_at", .notPersonal),
        ("completed_at", .notPersonal),
        ("holds", .notPersonal),
        ("on_hold_until", .notPersonal),
        ("problem", .notPersonal),
        ("next_attempt_at", .notPersonal),
        ("steps", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.OrganisationErasureService/ListOrganisationErasures",
        "ikso.privacy.v1.OrganisationErasureDeskService/ReportDueOrganisation",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.OrganisationErasureStep",
      fields: [
        ("service", .notPersonal),
        ("done", .notPersonal),
        ("rows_erased", .notPersonal),
        ("rows_kept", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.OrganisationErasureService/ListOrganisationErasures",
        "ikso.privacy.v1.OrganisationErasureDeskService/ReportDueOrganisation",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListOrganisationErasuresRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.OrganisationErasureService/ListOrganisationErasures",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListOrganisationErasuresResponse",
      fields: [
        ("erasures", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.OrganisationErasureService/ListOrganisationErasures",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.GetOrganisationErasureCertificateRequest",
      fields: [
        ("organisation_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.OrganisationErasureService/GetOrganisationErasureCertificate",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.GetOrganisationErasureCertificateResponse",
      fields: [
        ("certificate", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.OrganisationErasureService/GetOrganisationErasureCertificate",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ReportDueOrganisationRequest",
      fields: [
        ("organisation_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.OrganisationErasureDeskService/ReportDueOrganisation",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.CreateOwnRequestRequest",
      fields: [
        ("kind", .notPersonal),
        ("detail", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.OwnRequestService/CreateOwnRequest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.GetOwnRequestRequest",
      fields: [
        ("request_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.OwnRequestService/GetOwnRequest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListOwnRequestsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.OwnRequestService/ListOwnRequests",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListOwnRequestsResponse",
      fields: [
        ("requests", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.OwnRequestService/ListOwnRequests",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.WithdrawOwnRequestRequest",
      fields: [
        ("request_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.OwnRequestService/WithdrawOwnRequest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.FetchOwnArchiveRequest",
      fields: [
        ("request_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.OwnRequestService/FetchOwnArchive",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.PublishStatementRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("markdown", .notPersonal),
        ("contact", .notPersonal),
        ("valid_from", .notPersonal),
        ("language", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.PrivacyService/PublishStatement",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.StatementVersion",
      fields: [
        ("version", .notPersonal),
        ("sha256", .notPersonal),
        ("published_at", .notPersonal),
        ("size_bytes", .notPersonal),
        ("valid_from", .notPersonal),
        ("language", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.PrivacyService/PublishStatement",
        "ikso.privacy.v1.PrivacyService/GetStatement",
        "ikso.privacy.v1.PrivacyService/ListStatementVersions",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.GetStatementRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("version", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.PrivacyService/GetStatement",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.Statement",
      fields: [
        ("version", .notPersonal),
        ("contact", .notPersonal),
        ("markdown", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.PrivacyService/GetStatement",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListStatementVersionsRequest",
      fields: [
        ("organisation_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.PrivacyService/ListStatementVersions",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListStatementVersionsResponse",
      fields: [
        ("versions", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.PrivacyService/ListStatementVersions",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ProofAttestation",
      fields: [
        ("photo", .notPersonal),
        ("machine_readable_zone", .notPersonal),
        ("document_number", .notPersonal),
        ("citizen_number", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ProofService/AttachProof",
      ],
      responseOf: [
        "ikso.privacy.v1.ProofService/AttachProof",
        "ikso.privacy.v1.ProofService/GetProof",
        "ikso.privacy.v1.ProofService/CheckProof",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.AttachProofRequest",
      fields: [
        ("request_id", .notPersonal),
        ("form", .notPersonal),
        ("content", .confidential),
        ("attestation", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ProofService/AttachProof",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.GetProofRequest",
      fields: [
        ("request_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ProofService/GetProof",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.CheckProofRequest",
      fields: [
        ("request_id", .notPersonal),
        ("identified", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.ProofService/CheckProof",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.Proof",
      fields: [
        ("request_id", .notPersonal),
        ("form", .notPersonal),
        ("content", .confidential),
        ("attestation", .notPersonal),
        ("attached_at", .notPersonal),
        ("checked_at", .notPersonal),
        ("identified", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.ProofService/AttachProof",
        "ikso.privacy.v1.ProofService/GetProof",
        "ikso.privacy.v1.ProofService/CheckProof",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.AnnounceSubProcessorRequest",
      fields: [
        ("sub_processor_id", .notPersonal),
        ("name", .notPersonal),
        ("service", .notPersonal),
        ("agreement_reference", .notPersonal),
        ("agreement_signed_on", .notPersonal),
        ("country", .notPersonal),
        ("safeguards", .notPersonal),
        ("basis", .notPersonal),
        ("in_force_at", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/AnnounceSubProcessor",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.SubProcessor",
      fields: [
        ("sub_processor_id", .notPersonal),
        ("version", .notPersonal),
        ("name", .notPersonal),
        ("service", .notPersonal),
        ("agreement_reference", .notPersonal),
        ("agreement_signed_on", .notPersonal),
        ("country", .notPersonal),
        ("safeguards", .notPersonal),
        ("basis", .notPersonal),
        ("announced_at", .notPersonal),
        ("objections_until", .notPersonal),
        ("in_force_at", .notPersonal),
        ("ended_at", .notPersonal),
        ("in_force", .notPersonal),
        ("objected", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/AnnounceSubProcessor",
        "ikso.privacy.v1.RegisterService/ListSubProcessors",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.EndSubProcessorRequest",
      fields: [
        ("sub_processor_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/EndSubProcessor",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.EndSubProcessorResponse",
      fields: [
        ("ended_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/EndSubProcessor",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListSubProcessorsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/ListSubProcessors",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListSubProcessorsResponse",
      fields: [
        ("sub_processors", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/ListSubProcessors",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ObjectToSubProcessorRequest",
      fields: [
        ("sub_processor_id", .notPersonal),
        ("version", .notPersonal),
        ("reason", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/ObjectToSubProcessor",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.SubProcessorObjection",
      fields: [
        ("organisation_id", .notPersonal),
        ("sub_processor_id", .notPersonal),
        ("version", .notPersonal),
        ("reason", .notPersonal),
        ("objected_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/ObjectToSubProcessor",
        "ikso.privacy.v1.RegisterService/ListSubProcessorObjections",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListSubProcessorObjectionsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/ListSubProcessorObjections",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListSubProcessorObjectionsResponse",
      fields: [
        ("objections", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/ListSubProcessorObjections",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.TransferBasis",
      fields: [
        ("mechanism", .notPersonal),
        ("reference", .notPersonal),
        ("ground", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/AnnounceSubProcessor",
        "ikso.privacy.v1.RegisterService/RecordTransfer",
      ],
      responseOf: [
        "ikso.privacy.v1.RegisterService/AnnounceSubProcessor",
        "ikso.privacy.v1.RegisterService/ListSubProcessors",
        "ikso.privacy.v1.RegisterService/RecordTransfer",
        "ikso.privacy.v1.RegisterService/EndTransfer",
        "ikso.privacy.v1.RegisterService/ListTransfers",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RecordTransferRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("recipient", .notPersonal),
        ("country", .notPersonal),
        ("basis", .notPersonal),
        ("begins_on", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/RecordTransfer",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.Transfer",
      fields: [
        ("transfer_id", .notPersonal),
        ("organisation_id", .notPersonal),
        ("recipient", .notPersonal),
        ("country", .notPersonal),
        ("basis", .notPersonal),
        ("begins_on", .notPersonal),
        ("recorded_at", .notPersonal),
        ("ended_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/RecordTransfer",
        "ikso.privacy.v1.RegisterService/EndTransfer",
        "ikso.privacy.v1.RegisterService/ListTransfers",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.EndTransferRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("transfer_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/EndTransfer",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListTransfersRequest",
      fields: [
        ("organisation_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/ListTransfers",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListTransfersResponse",
      fields: [
        ("transfers", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/ListTransfers",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListAdequacyDecisionsRequest",
      fields: [
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/ListAdequacyDecisions",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListAdequacyDecisionsResponse",
      fields: [
        ("decisions", .notPersonal),
        ("as_of_day", .notPersonal),
        ("source", .notPersonal),
        ("eea_countries", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/ListAdequacyDecisions",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.AdequacyDecision",
      fields: [
        ("country", .notPersonal),
        ("reference", .notPersonal),
        ("adopted_on", .notPersonal),
        ("limited_to", .notPersonal),
        ("holds_until", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/ListAdequacyDecisions",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.InstructStorageRequest",
      fields: [
        ("countries", .notPersonal),
        ("reference", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/InstructStorage",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.StorageInstruction",
      fields: [
        ("countries", .notPersonal),
        ("reference", .notPersonal),
        ("instructed_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/InstructStorage",
        "ikso.privacy.v1.RegisterService/ListStorageLocations",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RecordStorageLocationRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("service", .notPersonal),
        ("kind", .notPersonal),
        ("country", .notPersonal),
        ("place", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/RecordStorageLocation",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.StorageLocation",
      fields: [
        ("storage_location_id", .notPersonal),
        ("organisation_id", .notPersonal),
        ("service", .notPersonal),
        ("kind", .notPersonal),
        ("country", .notPersonal),
        ("place", .notPersonal),
        ("recorded_at", .notPersonal),
        ("ended_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/RecordStorageLocation",
        "ikso.privacy.v1.RegisterService/EndStorageLocation",
        "ikso.privacy.v1.RegisterService/ListStorageLocations",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.EndStorageLocationRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("storage_location_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/EndStorageLocation",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListStorageLocationsRequest",
      fields: [
        ("organisation_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/ListStorageLocations",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListStorageLocationsResponse",
      fields: [
        ("locations", .notPersonal),
        ("instruction", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/ListStorageLocations",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RecordLegalDemandRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("authority", .notPersonal),
        ("legal_basis", .notPersonal),
        ("matter", .confidential),
        ("received_at", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/RecordLegalDemand",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.RecordDisclosureRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("legal_demand_id", .notPersonal),
        ("disclosed", .confidential),
        ("ground", .notPersonal),
        ("disclosed_at", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/RecordDisclosure",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.LegalDemand",
      fields: [
        ("legal_demand_id", .notPersonal),
        ("organisation_id", .notPersonal),
        ("authority", .notPersonal),
        ("legal_basis", .notPersonal),
        ("matter", .confidential),
        ("received_at", .notPersonal),
        ("recorded_at", .notPersonal),
        ("disclosures", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/RecordLegalDemand",
        "ikso.privacy.v1.RegisterService/RecordDisclosure",
        "ikso.privacy.v1.RegisterService/ListLegalDemands",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.Disclosure",
      fields: [
        ("disclosed", .confidential),
        ("ground", .notPersonal),
        ("disclosed_at", .notPersonal),
        ("recorded_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/RecordLegalDemand",
        "ikso.privacy.v1.RegisterService/RecordDisclosure",
        "ikso.privacy.v1.RegisterService/ListLegalDemands",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListLegalDemandsRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/ListLegalDemands",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListLegalDemandsResponse",
      fields: [
        ("demands", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/ListLegalDemands",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RecordCollectorRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("name", .notPersonal),
        ("reference", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/RecordCollector",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.Collector",
      fields: [
        ("collector_id", .notPersonal),
        ("organisation_id", .notPersonal),
        ("name", .notPersonal),
        ("reference", .notPersonal),
        ("data_category", .notPersonal),
        ("recorded_at", .notPersonal),
        ("ended_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/RecordCollector",
        "ikso.privacy.v1.RegisterService/EndCollector",
        "ikso.privacy.v1.RegisterService/ListCollectors",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.EndCollectorRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("collector_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/EndCollector",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListCollectorsRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/ListCollectors",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListCollectorsResponse",
      fields: [
        ("collectors", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/ListCollectors",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.SetCookieRequest",
      fields: [
        ("name", .notPersonal),
        ("party", .notPersonal),
        ("purpose", .notPersonal),
        ("necessary", .notPersonal),
        ("lifetime_days", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/SetCookie",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.Cookie",
      fields: [
        ("name", .notPersonal),
        ("party", .notPersonal),
        ("purpose", .notPersonal),
        ("necessary", .notPersonal),
        ("lifetime_days", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/SetCookie",
        "ikso.privacy.v1.RegisterService/GetCookiePage",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RemoveCookieRequest",
      fields: [
        ("name", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/RemoveCookie",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.RemoveCookieResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/RemoveCookie",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.GetCookiePageRequest",
      fields: [
        ("consented", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/GetCookiePage",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.CookiePage",
      fields: [
        ("html", .notPersonal),
        ("cookies", .notPersonal),
        ("allowed", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/GetCookiePage",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.GetContactsRequest",
      fields: [
      ],
      requestOf: [
        "ikso.privacy.v1.RegisterService/GetContacts",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.Contacts",
      fields: [
        ("officer", .notPersonal),
        ("authority", .notPersonal),
        ("authority_link", .notPersonal),
        ("data_leak", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RegisterService/GetContacts",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RequestText",
      fields: [
        ("kind", .notPersonal),
        ("text", .confidential),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.OwnRequestService/CreateOwnRequest",
        "ikso.privacy.v1.OwnRequestService/GetOwnRequest",
        "ikso.privacy.v1.OwnRequestService/ListOwnRequests",
        "ikso.privacy.v1.OwnRequestService/WithdrawOwnRequest",
        "ikso.privacy.v1.PrivacyService/CreateRequest",
        "ikso.privacy.v1.PrivacyService/ResumeRequest",
        "ikso.privacy.v1.PrivacyService/GetRequest",
        "ikso.privacy.v1.PrivacyService/ListRequests",
        "ikso.privacy.v1.RequestService/WatchRequest",
        "ikso.privacy.v1.RequestService/ApproveRequest",
        "ikso.privacy.v1.RequestService/RefuseRequest",
        "ikso.privacy.v1.RequestService/WithdrawRequest",
        "ikso.privacy.v1.RequestService/ExtendRequest",
        "ikso.privacy.v1.RequestService/CompleteRequest",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RequestDetail",
      fields: [
        ("purpose", .notPersonal),
        ("field", .confidential),
        ("new_value", .confidential),
        ("explanation", .confidential),
        ("recipient", .personal),
      ],
      requestOf: [
        "ikso.privacy.v1.OwnRequestService/CreateOwnRequest",
        "ikso.privacy.v1.PrivacyService/CreateRequest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.CreateRequestRequest",
      fields: [
        ("kind", .notPersonal),
        ("subject_id", .pseudonym),
        ("detail", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.PrivacyService/CreateRequest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ResumeRequestRequest",
      fields: [
        ("request_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.PrivacyService/ResumeRequest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.GetRequestRequest",
      fields: [
        ("request_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.PrivacyService/GetRequest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.WatchRequestRequest",
      fields: [
        ("request_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RequestService/WatchRequest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ApproveRequestRequest",
      fields: [
        ("request_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RequestService/ApproveRequest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.RefuseRequestRequest",
      fields: [
        ("request_id", .notPersonal),
        ("ground", .notPersonal),
        ("explanation", .confidential),
      ],
      requestOf: [
        "ikso.privacy.v1.RequestService/RefuseRequest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.WithdrawRequestRequest",
      fields: [
        ("request_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RequestService/WithdrawRequest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ExtendRequestRequest",
      fields: [
        ("request_id", .notPersonal),
        ("reason", .confidential),
      ],
      requestOf: [
        "ikso.privacy.v1.RequestService/ExtendRequest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.CompleteRequestRequest",
      fields: [
        ("request_id", .notPersonal),
        ("outcome", .confidential),
      ],
      requestOf: [
        "ikso.privacy.v1.RequestService/CompleteRequest",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListRequestsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
        ("overdue", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.PrivacyService/ListRequests",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListRequestsResponse",
      fields: [
        ("requests", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.PrivacyService/ListRequests",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.PrivacyRequest",
      fields: [
        ("request_id", .notPersonal),
        ("kind", .notPersonal),
        ("state", .notPersonal),
        ("subject_id", .pseudonym),
        ("received_at", .notPersonal),
        ("due_at", .notPersonal),
        ("completed_at", .notPersonal),
        ("steps", .notPersonal),
        ("archive_bytes", .notPersonal),
        ("purpose", .notPersonal),
        ("recipient", .personal),
        ("asked_by_subject", .notPersonal),
        ("refusal_ground", .notPersonal),
        ("authority_link", .notPersonal),
        ("extended_at", .notPersonal),
        ("next_attempt_at", .notPersonal),
        ("attention", .notPersonal),
        ("texts", .notPersonal),
        ("decided_at", .notPersonal),
        ("receipt", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.OwnRequestService/CreateOwnRequest",
        "ikso.privacy.v1.OwnRequestService/GetOwnRequest",
        "ikso.privacy.v1.OwnRequestService/ListOwnRequests",
        "ikso.privacy.v1.OwnRequestService/WithdrawOwnRequest",
        "ikso.privacy.v1.PrivacyService/CreateRequest",
        "ikso.privacy.v1.PrivacyService/ResumeRequest",
        "ikso.privacy.v1.PrivacyService/GetRequest",
        "ikso.privacy.v1.PrivacyService/ListRequests",
        "ikso.privacy.v1.RequestService/WatchRequest",
        "ikso.privacy.v1.RequestService/ApproveRequest",
        "ikso.privacy.v1.RequestService/RefuseRequest",
        "ikso.privacy.v1.RequestService/WithdrawRequest",
        "ikso.privacy.v1.RequestService/ExtendRequest",
        "ikso.privacy.v1.RequestService/CompleteRequest",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RequestStep",
      fields: [
        ("service", .notPersonal),
        ("done", .notPersonal),
        ("rows", .notPersonal),
        ("found", .notPersonal),
        ("problem", .notPersonal),
        ("updated_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.OwnRequestService/CreateOwnRequest",
        "ikso.privacy.v1.OwnRequestService/GetOwnRequest",
        "ikso.privacy.v1.OwnRequestService/ListOwnRequests",
        "ikso.privacy.v1.OwnRequestService/WithdrawOwnRequest",
        "ikso.privacy.v1.PrivacyService/CreateRequest",
        "ikso.privacy.v1.PrivacyService/ResumeRequest",
        "ikso.privacy.v1.PrivacyService/GetRequest",
        "ikso.privacy.v1.PrivacyService/ListRequests",
        "ikso.privacy.v1.RequestService/WatchRequest",
        "ikso.privacy.v1.RequestService/ApproveRequest",
        "ikso.privacy.v1.RequestService/RefuseRequest",
        "ikso.privacy.v1.RequestService/WithdrawRequest",
        "ikso.privacy.v1.RequestService/ExtendRequest",
        "ikso.privacy.v1.RequestService/CompleteRequest",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.TableCount",
      fields: [
        ("table", .notPersonal),
        ("rows", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.OwnRequestService/CreateOwnRequest",
        "ikso.privacy.v1.OwnRequestService/GetOwnRequest",
        "ikso.privacy.v1.OwnRequestService/ListOwnRequests",
        "ikso.privacy.v1.OwnRequestService/WithdrawOwnRequest",
        "ikso.privacy.v1.PrivacyService/CreateRequest",
        "ikso.privacy.v1.PrivacyService/ResumeRequest",
        "ikso.privacy.v1.PrivacyService/GetRequest",
        "ikso.privacy.v1.PrivacyService/ListRequests",
        "ikso.privacy.v1.RequestService/WatchRequest",
        "ikso.privacy.v1.RequestService/ApproveRequest",
        "ikso.privacy.v1.RequestService/RefuseRequest",
        "ikso.privacy.v1.RequestService/WithdrawRequest",
        "ikso.privacy.v1.RequestService/ExtendRequest",
        "ikso.privacy.v1.RequestService/CompleteRequest",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.GetErasureCertificateRequest",
      fields: [
        ("request_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RequestService/GetErasureCertificate",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ErasureCertificate",
      fields: [
        ("certificate", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RequestService/GetErasureCertificate",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.FetchArchiveRequest",
      fields: [
        ("request_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.PrivacyService/FetchArchive",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ArchiveChunk",
      fields: [
        ("data", .confidential),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.DownloadService/OpenDownload",
        "ikso.privacy.v1.OwnRequestService/FetchOwnArchive",
        "ikso.privacy.v1.PrivacyService/FetchArchive",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.GetArchiveKeysRequest",
      fields: [
      ],
      requestOf: [
        "ikso.privacy.v1.PrivacyService/GetArchiveKeys",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.GetArchiveKeysResponse",
      fields: [
        ("keys", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.PrivacyService/GetArchiveKeys",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ArchiveKey",
      fields: [
        ("key_id", .notPersonal),
        ("public_key", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.PrivacyService/GetArchiveKeys",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.PlanRetentionRequest",
      fields: [
      ],
      requestOf: [
        "ikso.privacy.v1.RetentionService/PlanRetention",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.PlanRetentionResponse",
      fields: [
        ("plans", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RetentionService/PlanRetention",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RetentionPlan",
      fields: [
        ("category", .notPersonal),
        ("rule", .notPersonal),
        ("due", .notPersonal),
        ("on_hold", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RetentionService/PlanRetention",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RunRetentionRequest",
      fields: [
      ],
      requestOf: [
        "ikso.privacy.v1.RetentionService/RunRetention",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.RetentionProgress",
      fields: [
        ("category", .notPersonal),
        ("deleted", .notPersonal),
        ("done", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RetentionService/RunRetention",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListRetentionReportsRequest",
      fields: [
        ("page_size", .notPersonal),
        ("page_token", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RetentionService/ListRetentionReports",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListRetentionReportsResponse",
      fields: [
        ("reports", .notPersonal),
        ("next_page_token", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RetentionService/ListRetentionReports",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RetentionReport",
      fields: [
        ("report_id", .notPersonal),
        ("category", .notPersonal),
        ("began_at", .notPersonal),
        ("ended_at", .notPersonal),
        ("deleted", .notPersonal),
        ("on_hold", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RetentionService/ListRetentionReports",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.HoldRecordRequest",
      fields: [
        ("category", .notPersonal),
        ("record_id", .notPersonal),
        ("ground", .notPersonal),
        ("expires_at", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RetentionService/HoldRecord",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.RetentionHold",
      fields: [
        ("category", .notPersonal),
        ("record_id", .notPersonal),
        ("ground", .notPersonal),
        ("expires_at", .notPersonal),
        ("placed_at", .notPersonal),
        ("owner_id", .pseudonym),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RetentionService/HoldRecord",
        "ikso.privacy.v1.RetentionService/ListRecordHolds",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ReleaseRecordRequest",
      fields: [
        ("category", .notPersonal),
        ("record_id", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.RetentionService/ReleaseRecord",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ReleaseRecordResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RetentionService/ReleaseRecord",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ListRecordHoldsRequest",
      fields: [
      ],
      requestOf: [
        "ikso.privacy.v1.RetentionService/ListRecordHolds",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.ListRecordHoldsResponse",
      fields: [
        ("holds", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.RetentionService/ListRecordHolds",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.PersonalStatement",
      fields: [
        ("version", .notPersonal),
        ("sha256", .notPersonal),
        ("published_at", .notPersonal),
        ("organisation_name", .notPersonal),
        ("person_name", .personal),
        ("purposes", .notPersonal),
        ("contact", .notPersonal),
        ("markdown", .personal),
        ("accepted_version", .notPersonal),
        ("changes", .notPersonal),
        ("language", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.feedback.v1.FeedbackService/OpenGuestLink",
        "ikso.identity.v1.IdentityService/OpenInvitation",
        "ikso.identity.v1.IdentityService/ShowStatement",
        "ikso.identity.v1.IdentityService/Login",
        "ikso.identity.v1.SignInService/VerifyFactor",
        "ikso.identity.v1.SignInService/ConfirmFactor",
        "ikso.identity.v1.SignInService/ContinueSignIn",
        "ikso.privacy.v1.StatementDeskService/RenderStatement",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.StatementChanges",
      fields: [
        ("lines", .notPersonal),
        ("is_too_large", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.feedback.v1.FeedbackService/OpenGuestLink",
        "ikso.identity.v1.IdentityService/OpenInvitation",
        "ikso.identity.v1.IdentityService/ShowStatement",
        "ikso.identity.v1.IdentityService/Login",
        "ikso.identity.v1.SignInService/VerifyFactor",
        "ikso.identity.v1.SignInService/ConfirmFactor",
        "ikso.identity.v1.SignInService/ContinueSignIn",
        "ikso.privacy.v1.StatementService/CompareStatements",
        "ikso.privacy.v1.StatementDeskService/RenderStatement",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.ChangedLine",
      fields: [
        ("number", .notPersonal),
        ("is_removed", .notPersonal),
        ("text", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.feedback.v1.FeedbackService/OpenGuestLink",
        "ikso.identity.v1.IdentityService/OpenInvitation",
        "ikso.identity.v1.IdentityService/ShowStatement",
        "ikso.identity.v1.IdentityService/Login",
        "ikso.identity.v1.SignInService/VerifyFactor",
        "ikso.identity.v1.SignInService/ConfirmFactor",
        "ikso.identity.v1.SignInService/ContinueSignIn",
        "ikso.privacy.v1.StatementService/CompareStatements",
        "ikso.privacy.v1.StatementDeskService/RenderStatement",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.CompareStatementsRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("from_version", .notPersonal),
        ("to_version", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.StatementService/CompareStatements",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.CompareStatementsResponse",
      fields: [
        ("from_version", .notPersonal),
        ("to_version", .notPersonal),
        ("changes", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.StatementService/CompareStatements",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.RenderStatementRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("organisation_name", .notPersonal),
        ("person_name", .personal),
        ("subject_kind", .notPersonal),
        ("subject_id", .pseudonym),
      ],
      requestOf: [
        "ikso.privacy.v1.StatementDeskService/RenderStatement",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.RecordAcceptanceRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("subject_id", .pseudonym),
        ("subject_kind", .notPersonal),
        ("version", .notPersonal),
        ("sha256", .notPersonal),
      ],
      requestOf: [
        "ikso.privacy.v1.StatementDeskService/RecordAcceptance",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.RecordAcceptanceResponse",
      fields: [
        ("version", .notPersonal),
        ("accepted_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.StatementDeskService/RecordAcceptance",
      ]),
    SchemaMessage(
      name: "ikso.privacy.v1.CheckAcceptanceRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("subject_id", .pseudonym),
      ],
      requestOf: [
        "ikso.privacy.v1.StatementDeskService/CheckAcceptance",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.privacy.v1.CheckAcceptanceResponse",
      fields: [
        ("current_version", .notPersonal),
        ("current_sha256", .notPersonal),
        ("accepted", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.privacy.v1.StatementDeskService/CheckAcceptance",
      ]),
    SchemaMessage(
      name: "ikso.purpose.v1.WatchRequest",
      fields: [
        ("after_sequence", .notPersonal),
      ],
      requestOf: [
        "ikso.purpose.v1.PurposeFeedService/Watch",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.purpose.v1.Batch",
      fields: [
        ("entries", .notPersonal),
        ("sequence", .notPersonal),
        ("reset", .notPersonal),
        ("is_complete", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.purpose.v1.PurposeFeedService/Watch",
      ]),
    SchemaMessage(
      name: "ikso.purpose.v1.Entry",
      fields: [
        ("organisation_id", .notPersonal),
        ("person_id", .pseudonym),
        ("purpose", .notPersonal),
        ("mark", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.purpose.v1.PurposeFeedService/Watch",
      ]),
    SchemaMessage(
      name: "ikso.purpose.v1.ReportTrafficRequest",
      fields: [
        ("methods", .notPersonal),
      ],
      requestOf: [
        "ikso.purpose.v1.TrafficService/ReportTraffic",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.purpose.v1.SeenMethod",
      fields: [
        ("method", .notPersonal),
        ("purpose", .notPersonal),
        ("calls", .notPersonal),
      ],
      requestOf: [
        "ikso.purpose.v1.TrafficService/ReportTraffic",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.purpose.v1.ReportTrafficResponse",
      fields: [
      ],
      requestOf: [],
      responseOf: [
        "ikso.purpose.v1.TrafficService/ReportTraffic",
      ]),
    SchemaMessage(
      name: "ikso.revocation.v1.WatchRequest",
      fields: [
        ("after_sequence", .notPersonal),
      ],
      requestOf: [
        "ikso.revocation.v1.RevocationService/Watch",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.revocation.v1.Batch",
      fields: [
        ("entries", .notPersonal),
        ("sequence", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.revocation.v1.RevocationService/Watch",
      ]),
    SchemaMessage(
      name: "ikso.revocation.v1.Entry",
      fields: [
        ("session_id", .pseudonym),
        ("organisation_id", .notPersonal),
        ("issued_until", .notPersonal),
        ("expires_at", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.revocation.v1.RevocationService/Watch",
      ]),
    SchemaMessage(
      name: "ikso.subject.v1.DescribeHoldingsRequest",
      fields: [
      ],
      requestOf: [
        "ikso.subject.v1.SubjectDataService/DescribeHoldings",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.subject.v1.DescribeHoldingsResponse",
      fields: [
        ("tables", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.subject.v1.SubjectDataService/DescribeHoldings",
      ]),
    SchemaMessage(
      name: "ikso.subject.v1.HeldTable",
      fields: [
        ("name", .notPersonal),
        ("columns", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.subject.v1.SubjectDataService/DescribeHoldings",
      ]),
    SchemaMessage(
      name: "ikso.subject.v1.HeldColumn",
      fields: [
        ("name", .notPersonal),
        ("kind", .notPersonal),
        ("is_sealed", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.subject.v1.SubjectDataService/DescribeHoldings",
      ]),
    SchemaMessage(
      name: "ikso.subject.v1.SubjectRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("subject_id", .pseudonym),
        ("ordered_by", .pseudonym),
        ("request_id", .notPersonal),
      ],
      requestOf: [
        "ikso.subject.v1.SubjectDataService/ExportSubject",
        "ikso.subject.v1.SubjectDataService/EraseSubject",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.subject.v1.SubjectRecord",
      fields: [
        ("table", .notPersonal),
        ("record_id", .pseudonym),
        ("fields", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.subject.v1.SubjectDataService/ExportSubject",
      ]),
    SchemaMessage(
      name: "ikso.subject.v1.SubjectField",
      fields: [
        ("name", .notPersonal),
        ("value", .confidential),
      ],
      requestOf: [],
      responseOf: [
        "ikso.subject.v1.SubjectDataService/ExportSubject",
      ]),
    SchemaMessage(
      name: "ikso.subject.v1.EraseSubjectResponse",
      fields: [
        ("erased", .notPersonal),
        ("key_destroyed", .notPersonal),
        ("receipt", .notPersonal),
        ("public_key", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.subject.v1.SubjectDataService/EraseSubject",
      ]),
    SchemaMessage(
      name: "ikso.subject.v1.ScanSubjectRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("subject_id", .pseudonym),
        ("needles", .personal),
        ("request_id", .notPersonal),
        ("page_token", .pseudonym),
      ],
      requestOf: [
        "ikso.subject.v1.SubjectDataService/ScanSubject",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.subject.v1.ScanSubjectResponse",
      fields: [
        ("tables", .notPersonal),
        ("receipt", .notPersonal),
        ("public_key", .notPersonal),
        ("next_page_token", .pseudonym),
      ],
      requestOf: [],
      responseOf: [
        "ikso.subject.v1.SubjectDataService/ScanSubject",
      ]),
    SchemaMessage(
      name: "ikso.subject.v1.SubjectTableCount",
      fields: [
        ("table", .notPersonal),
        ("rows", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.subject.v1.SubjectDataService/EraseSubject",
      ]),
    SchemaMessage(
      name: "ikso.subject.v1.SubjectTableScan",
      fields: [
        ("table", .notPersonal),
        ("rows_read", .notPersonal),
        ("rows_found", .notPersonal),
        ("columns", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.subject.v1.SubjectDataService/ScanSubject",
      ]),
    SchemaMessage(
      name: "ikso.subject.v1.RestrictSubjectRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("subject_id", .pseudonym),
        ("purposes", .notPersonal),
      ],
      requestOf: [
        "ikso.subject.v1.SubjectDataService/RestrictSubject",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.subject.v1.RestrictSubjectResponse",
      fields: [
        ("sequence", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.subject.v1.SubjectDataService/RestrictSubject",
      ]),
    SchemaMessage(
      name: "ikso.tenant.v1.EraseTenantRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("erasure_id", .notPersonal),
      ],
      requestOf: [
        "ikso.tenant.v1.TenantDataService/EraseTenant",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.tenant.v1.EraseTenantResponse",
      fields: [
        ("done", .notPersonal),
        ("erased", .notPersonal),
        ("receipt", .notPersonal),
        ("public_key", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.tenant.v1.TenantDataService/EraseTenant",
      ]),
    SchemaMessage(
      name: "ikso.tenant.v1.ScanTenantRequest",
      fields: [
        ("organisation_id", .notPersonal),
        ("erasure_id", .notPersonal),
      ],
      requestOf: [
        "ikso.tenant.v1.TenantDataService/ScanTenant",
      ],
      responseOf: []),
    SchemaMessage(
      name: "ikso.tenant.v1.ScanTenantResponse",
      fields: [
        ("tables", .notPersonal),
        ("receipt", .notPersonal),
        ("public_key", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.tenant.v1.TenantDataService/ScanTenant",
      ]),
    SchemaMessage(
      name: "ikso.tenant.v1.TenantTableCount",
      fields: [
        ("table", .notPersonal),
        ("rows", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.tenant.v1.TenantDataService/EraseTenant",
      ]),
    SchemaMessage(
      name: "ikso.tenant.v1.TenantTableScan",
      fields: [
        ("table", .notPersonal),
        ("rows_left", .notPersonal),
        ("kept_because", .notPersonal),
      ],
      requestOf: [],
      responseOf: [
        "ikso.tenant.v1.TenantDataService/ScanTenant",
      ]),
  ]

  /// The class of every field by its full name, "ikso.goals.v1.Goal.title".
  package static let personalData: [String: PersonalDataClass] = Dictionary(
    uniqueKeysWithValues: messages.flatMap { message in
      message.fields.map { ("\(message.name).\($0.name)", $0.personalData) }
    })
}
