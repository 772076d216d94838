// Zips a folder of a bucket, with .NET or Mono and no library: into the bucket, then as a download
// to photos.zip.
using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

static class Zip
{
    static readonly HttpClient client = new HttpClient();

    static string Setting(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new Exception($"{name} is not set");

    // Posts a body; the answer.
    static async Task<string> Call(string path, HttpContent body)
    {
        using (var answer = await client.PostAsync(Setting("URL") + path, body))
        {
            var text = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode)
                throw new Exception($"{path}: {(int)answer.StatusCode} {text}");
            return text;
        }
    }

    // A start reply goes back as it is.
    static HttpContent Json(string text) => new StringContent(text, Encoding.UTF8, "application/json");

    // A text or number in an answer; a program that has a JSON library uses that.
    static string Field(string json, string name)
    {
        var value = "\\s*:\\s*\\[?\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\w+))";
        var found = Regex.Match(json, $"\"{name}\"{value}");
        if (!found.Success) throw new Exception($"there is no {name} in {json}");
        return Regex.Replace(found.Groups[1].Value + found.Groups[2].Value, "\\\\(.)", "$1");
    }

    // Waits for a task; its link.
    static async Task<string> Result(string task)
    {
        var answer = await Call("/v2/zipresult", Json(task));
        if (Field(answer, "message") != "SUCCESS") throw new Exception(Field(answer, "error"));
        return Field(answer, "results");
    }

    // Into the bucket: a job.
    static async Task ZipToBucket(Dictionary<string, string> what)
    {
        var fields = new Dictionary<string, string>(what) { ["zipTo"] = "zips/photos.zip" };
        var job = await Call("/v2/zipstart", new FormUrlEncodedContent(fields));
        for (;; await Task.Delay(1000))
        {
            var task = await Call("/v2/zipstate", Json(job));
            var state = Field(task, "State");
            Console.WriteLine($"{state}: {Field(task, "FilesDone")} of {Field(task, "FilesTotal")} files");
            if (state == "SUCCESS" || state == "FAILURE") break;
        }
        Console.WriteLine($"zip in the bucket: {await Result(job)}");
    }

    // To this machine: a link that makes the zip while it is read.
    static async Task Download(Dictionary<string, string> what)
    {
        var link = await Result(await Call("/v2/streamzip", new FormUrlEncodedContent(what)));
        using (var answer = await client.GetAsync(link, HttpCompletionOption.ResponseHeadersRead))
        using (var file = File.Create("photos.zip"))
        {
            answer.EnsureSuccessStatusCode();
            await answer.Content.CopyToAsync(file);
        }
        Console.WriteLine("downloaded photos.zip");
    }

    static void Main() => Run().GetAwaiter().GetResult();

    static async Task Run()
    {
        client.Timeout = TimeSpan.FromHours(1); // for the whole of a download
        var keys = new Dictionary<string, string> {
            ["userKey"] = Setting("USER_KEY"), ["userSecret"] = Setting("USER_SECRET") };
        var token = Field(await Call("/gentoken", new FormUrlEncodedContent(keys)), "token");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var what = new Dictionary<string, string> {
            ["awsKey"] = Setting("AWS_ACCESS_KEY_ID"),
            ["awsSecret"] = Setting("AWS_SECRET_ACCESS_KEY"),
            ["awsBucket"] = Setting("BUCKET"),
            ["filePaths"] = Setting("FOLDER") };
        await ZipToBucket(what);
        await Download(what);
    }
}
