@main
struct GoalsMain {
  static func main() {}
}
