// The calls as Java programs make them: HttpClient, urlencoded forms, replies posted back. Prints
// the link. Arguments: the server's URL, then the forms of gentoken and of streamzip. What it
// trusts is in the system property javax.net.ssl.trustStore.
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

public class Flow {
  static final HttpClient client = HttpClient.newHttpClient();

  static String post(String url, String type, String token, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (token != null) request.header("Authorization", "Bearer " + token);
    var answer = client.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) throw new Exception(answer.statusCode() + " " + answer.body());
    return answer.body();
  }

  static String first(String pattern, String text) throws Exception {
    var found = Pattern.compile(pattern).matcher(text);
    if (!found.find()) throw new Exception("there is no " + pattern + " in " + text);
    return found.group(1);
  }

  public static void main(String[] arguments) throws Exception {
    String url = arguments[0];
    String form = "application/x-www-form-urlencoded";
    String token =
        first("\"token\": *\"([^\"]+)\"", post(url + "/gentoken", form, null, arguments[1]));
    String started = post(url + "/v1/streamzip", form, token, arguments[2]);
    String result = post(url + "/v1/zipresult", "application/json", token, started);
    System.out.print(first("\"results\": *\\[\"([^\"]+)\"", result));
  }
}
