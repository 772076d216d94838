# Zips a folder of a bucket: into the bucket, then as a download to photos.zip.
require 'json'
require 'net/http'

# Posts JSON; the answer.
def call(path, fields, token = nil)
  headers = { 'Content-Type' => 'application/json' }
  headers['Authorization'] = "Bearer #{token}" if token
  answer = Net::HTTP.post(URI(ENV.fetch('URL') + path), fields.to_json, headers)
  body = JSON.parse(answer.body)
  abort "#{path}: #{answer.code} #{body['message']}" unless answer.is_a?(Net::HTTPOK)
  body
end

# Waits for a task; its link.
def result(task, token)
  answer = call('/v2/zipresult', task, token)
  abort answer['error'] unless answer['message'] == 'SUCCESS'
  answer['results'].first
end

keys = { userKey: ENV.fetch('USER_KEY'), userSecret: ENV.fetch('USER_SECRET') }
token = call('/gentoken', keys)['token']
what = {
  awsKey: ENV.fetch('AWS_ACCESS_KEY_ID'),
  awsSecret: ENV.fetch('AWS_SECRET_ACCESS_KEY'),
  awsBucket: ENV.fetch('BUCKET'),
  filePaths: [ENV.fetch('FOLDER')]
}

# Into the bucket: a job.
job = call('/v2/zipstart', { **what, zipTo: 'zips/photos.zip' }, token)
loop do
  task = call('/v2/zipstate', job, token)
  puts "#{task['State']}: #{task['Progress']['FilesDone']} of #{task['Progress']['FilesTotal']} files"
  break if %w[SUCCESS FAILURE].include?(task['State'])

  sleep 1
end
puts "zip in the bucket: #{result(job, token)}"

# To this machine: a link that makes the zip while it is read.
link = URI(result(call('/v2/streamzip', what, token), token))
Net::HTTP.start(link.host, link.port, use_ssl: link.scheme == 'https') do |http|
  http.request_get(link) do |answer|
    abort "the download: #{answer.code}" unless answer.is_a?(Net::HTTPOK)
    File.open('photos.zip', 'wb') { |file| answer.read_body { |piece| file.write(piece) } }
  end
end
puts 'downloaded photos.zip'
