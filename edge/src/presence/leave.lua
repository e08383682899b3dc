-- Removes an instance that shuts down, and some of its people (after registry.lua).
-- ARGV[6] the most people to remove
-- Returns { event, '' if the instance was not registered; 1 if there are more people to remove: call again }.
local code, count = remove_instance(SELF, tonumber(ARGV[6]))
if not code then return { '', 0 } end
return { publish({ code }, { SELF }), count == tonumber(ARGV[6]) and 1 or 0 }
