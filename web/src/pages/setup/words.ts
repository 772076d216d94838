export const words = {
  title: "Set up this server",
  text: "There is no account yet. Make the administrator's account.",
  code: "One-time code",
  codeHint: "It is in the first lines of the server's log. s3zipper account setup-code prints it, too; on EC2 it is the instance's id.",
  wrongCode: "This code is not right. It is in the server's log, first lines.",
  mail: "Mail",
  password: "Password",
  passwordHint: "At least 10 characters. Any will do.",
  action: "Make the account",
};
