// Zips a folder of a bucket, with Java 17 or later and no library: into the bucket, then as a
// download to photos.zip. Run it with: java Zip.java
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

public class Zip {
  static final HttpClient client = HttpClient.newHttpClient();

  // Posts a body; the answer. What Java has no JSON for is sent as a form.
  static String call(String path, String type, String body, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(System.getenv("URL") + path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (token != null) request.header("Authorization", "Bearer " + token);
    var answer = client.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200)
      throw new Exception(path + ": " + answer.statusCode() + " " + answer.body());
    return answer.body();
  }

  static String callWithForm(String path, Map<String, String> fields, String token)
      throws Exception {
    String body =
        fields.entrySet().stream()
            .map(field -> field.getKey() + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&"));
    return call(path, "application/x-www-form-urlencoded", body, token);
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  // A text or number in an answer; a program that has a JSON library uses that.
  static String field(String json, String name) throws Exception {
    String value = "\\s*:\\s*\\[?\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\w+))";
    Matcher found = Pattern.compile("\"" + name + "\"" + value).matcher(json);
    if (!found.find()) throw new Exception("there is no " + name + " in " + json);
    return found.group(1) == null ? found.group(2) : found.group(1).replaceAll("\\\\(.)", "$1");
  }

  // Waits for a task; its link.
  static String result(String task, String token) throws Exception {
    String answer = call("/v2/zipresult", "application/json", task, token);
    if (!field(answer, "message").equals("SUCCESS")) throw new Exception(field(answer, "error"));
    return field(answer, "results");
  }

  public static void main(String[] arguments) throws Exception {
    var keys =
        Map.of("userKey", System.getenv("USER_KEY"), "userSecret", System.getenv("USER_SECRET"));
    String token = field(callWithForm("/gentoken", keys, null), "token");
    var what = new LinkedHashMap<String, String>();
    what.put("awsKey", System.getenv("AWS_ACCESS_KEY_ID"));
    what.put("awsSecret", System.getenv("AWS_SECRET_ACCESS_KEY"));
    what.put("awsBucket", System.getenv("BUCKET"));
    what.put("filePaths", System.getenv("FOLDER"));

    // Into the bucket: a job.
    var intoBucket = new LinkedHashMap<>(what);
    intoBucket.put("zipTo", "zips/photos.zip");
    String job = callWithForm("/v2/zipstart", intoBucket, token);
    for (; ; Thread.sleep(1000)) {
      String task = call("/v2/zipstate", "application/json", job, token);
      String state = field(task, "State");
      System.out.printf(
          "%s: %s of %s files%n", state, field(task, "FilesDone"), field(task, "FilesTotal"));
      if (state.equals("SUCCESS") || state.equals("FAILURE")) break;
    }
    System.out.println("zip in the bucket: " + result(job, token));

    // To this machine: a link that makes the zip while it is read.
    String link = result(callWithForm("/v2/streamzip", what, token), token);
    HttpRequest request = HttpRequest.newBuilder(URI.create(link)).build();
    var answer = client.send(request, BodyHandlers.ofFile(Path.of("photos.zip")));
    if (answer.statusCode() != 200) throw new Exception("the download: " + answer.statusCode());
    System.out.println("downloaded photos.zip");
  }
}
