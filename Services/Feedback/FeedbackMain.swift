@main
struct FeedbackMain {
  static func main() {}
}
