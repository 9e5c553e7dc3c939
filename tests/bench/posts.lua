-- For wrk: send each line of a file once. A line holds method, path, client, cookie and body, separated by tabs.
local lines, last = {}, 0
wrong, sent = 0, 0

function init(args)
  for line in io.lines(args[1]) do
    local method, path, client, cookie, body = line:match("([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)")
    lines[#lines + 1] = { method, path, client, cookie, body }
  end
  wanted = args[2]
end

function setup(thread)
  first_thread = thread
end

function request()
  last = last + 1
  if last > #lines then
    wrong = wrong + 1 -- the file was too short for the time
    last = 1
  end
  local line = lines[last]
  return wrk.format(line[1], line[2], {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["X-Forwarded-For"] = line[3],
    ["Cookie"] = line[4],
  }, line[5])
end

function response(status)
  sent = sent + 1
  if tostring(status) ~= wanted then wrong = wrong + 1 end
end

function done()
  io.write(string.format("Wrong: %d\n", first_thread:get("wrong")))
end
